"""Shares of products: an account's day is replaced whole, or stays as it was."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from clients.lake.mirroring import mirror_day
from clients.lake.reading import open_lake, relation
from clients.ledger.models import ProductHolding
from clients.market.models import Product
from tests.clients.intake.taking import Take
from tests.clients.market.takes import PRODUCT

HOLDING = {
    "day": "2026-11-20",
    "fund_account": "100000001",
    "ta_code": "99",
    "product_code": "D00001",
    "shares": "5000.0000",
    "cost": "5000.00",
    "market_value": "5012.50",
}
OTHER = HOLDING | {"product_code": "D00002"}


@pytest.fixture
def shelf(world: Take) -> Take:
    """The world with two products of one transfer agent."""
    world("products", [PRODUCT, PRODUCT | {"product_code": "D00002", "name": "示例债券"}])
    return world


def held() -> list[tuple[str, Decimal]]:
    """What is recorded: product and shares."""
    return list(ProductHolding.objects.order_by("product__product_code").values_list("product__product_code", "shares"))


def test_a_holding_is_kept_and_again_unchanged(shelf: Take) -> None:
    first, second = shelf("product_holdings", [HOLDING]), shelf("product_holdings", [HOLDING])

    row = ProductHolding.objects.get()
    assert (first.counts, second.counts) == ((1, 0, 0), (0, 1, 0))
    assert (row.client.client_no, row.shares, row.cost, row.market_value) == (
        "C0000001", Decimal(5000), Decimal("5000.00"), Decimal("5012.50"),
    )  # fmt: skip
    assert (first.outcome.money, first.outcome.clients) == (Decimal("5012.50"), 1)


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"day": "2026-11-14"}, "E_NOT_TRADING_DAY", "day"),
        ({"day": "2026-11-23"}, "E_FUTURE", "day"),
        ({"day": "2019-12-31"}, "E_CLOSED", "fund_account"),
        ({"fund_account": "999"}, "E_NO_ACCOUNT", "fund_account"),
        ({"product_code": "D00009"}, "E_NO_PRODUCT", "product_code"),
        ({"ta_code": "98"}, "E_NO_PRODUCT", "product_code"),
        ({"shares": "-1"}, "E_RANGE", "shares"),
        ({"shares": ""}, "E_REQUIRED", "shares"),
        ({"cost": "-1"}, "E_RANGE", "cost"),
        ({"market_value": "1,000"}, "E_TYPE", "market_value"),
        ({"market_value": ""}, "E_REQUIRED", "market_value"),
    ],
)
def test_each_wrong_holding_is_rejected_for_its_own_reason(
    shelf: Take, change: dict[str, str], code: str, column: str
) -> None:
    taken = shelf("product_holdings", [HOLDING | change])

    assert taken.codes == [(2, code, column)]
    assert not ProductHolding.objects.exists()


def test_an_account_s_day_is_replaced_whole(shelf: Take) -> None:
    shelf("product_holdings", [HOLDING, OTHER])

    taken = shelf("product_holdings", [OTHER | {"shares": "1"}])

    assert taken.counts == (1, 0, 0)
    assert held() == [("D00002", Decimal(1))]


def test_a_day_with_one_rejected_line_stays_as_it_was(shelf: Take) -> None:
    shelf("product_holdings", [HOLDING, OTHER])

    taken = shelf("product_holdings", [HOLDING | {"shares": "1"}, OTHER | {"product_code": "D9"}])

    assert [(line, code) for line, code, _column in taken.codes] == [(2, "E_NO_PRODUCT"), (3, "E_NO_PRODUCT")]
    assert held() == [("D00001", Decimal(5000)), ("D00002", Decimal(5000))]


def test_the_same_line_twice_in_a_file_leaves_the_day_as_it_was(shelf: Take) -> None:
    taken = shelf("product_holdings", [HOLDING, HOLDING])

    assert [(line, code) for line, code, _column in taken.codes] == [(2, "E_DUP_IN_FILE"), (3, "E_DUP_IN_FILE")]
    assert not ProductHolding.objects.exists()


def test_holdings_products_and_net_values_lie_in_the_lake_and_a_correction_replaces(shelf: Take) -> None:
    day = date(2026, 11, 20)
    shelf("product_holdings", [HOLDING])
    mirror_day(day=day, cutoff=datetime.now(UTC))
    shelf("product_holdings", [HOLDING | {"shares": "4000"}])
    shelf("products", [PRODUCT | {"nav": "1.0100"}])

    mirror_day(day=day, cutoff=datetime.now(UTC))

    product = Product.objects.get(product_code="D00001")
    with open_lake() as con:
        shares = con.execute(
            "SELECT product_id, shares, market_value, replaced_at IS NULL FROM "
            f"{relation('product_holdings', [day])} ORDER BY id"
        ).fetchall()
        snapshot = con.execute(
            f"SELECT id, risk_level, term_days, status FROM {relation('products', [day])} ORDER BY id"
        ).fetchall()
        navs = con.execute(
            f"SELECT nav FROM {relation('product_navs', [date(2026, 11, 19)])} WHERE product_id = {product.pk}"
        ).fetchall()
    assert shares == [
        (product.pk, Decimal(5000), Decimal("5012.50"), False), (product.pk, Decimal(4000), Decimal("5012.50"), True),
    ]  # fmt: skip
    assert snapshot[0] == (product.pk, 1, 0, "on_sale")
    assert navs == [(Decimal("1.0100"),)]
