"""The group product: what is held of the shelf, what ends or opens, what was bought and given back."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from clients.market.models import Product, Security
from clients.register.models import Client
from tests import factories as make
from tests.clients.portrait.money import ago, bought, flow, gave_back, held, owned, product, took_back
from tests.clients.portrait.one_night import Rows, rows_of_a_night
from tests.clients.portrait.people import assessed

pytestmark = pytest.mark.django_db  # tells that a database is needed; the one world is built for the module
ZERO = ["r5_purchase_cnt_7d", "product_order_cnt_total", "product_order_cnt_30d", "product_holding_value"]
ZERO += ["product_maturity_amt", "product_matured_amt_3d", "product_redeemed_amt_30d", "product_redeem_all_7d"]
ZERO += ["held_product_risk_upgraded_cnt_1d", "held_product_liquidation_cnt_1d"]
UNKNOWN = ["days_since_first_product_order", "product_ratio", "top1_product_ratio", "product_pnl_ratio"]
UNKNOWN += ["product_drawdown_max", "product_maturity_days", "product_open_days_left"]
UNKNOWN += ["product_maturity_days__key", "product_holding_value__key", "product_order_cnt_total__key"]
KEYS: dict[tuple[str, str], str] = {}
EXPECTED: dict[str, dict[str, Any]] = {
    "nobody": {**dict.fromkeys(ZERO, 0), **dict.fromkeys(UNKNOWN)},
    "owner": {
        "product_holding_value": Decimal(5_000), "product_ratio": Decimal("0.5"), "top1_product_ratio": Decimal("0.6"),
        "product_pnl_ratio": Decimal("0.25"), "product_drawdown_max": Decimal("0.25"), "product_maturity_days": 12,
        "product_maturity_amt": Decimal(2_000), "product_open_days_left": 2,
        "held_product_risk_upgraded_cnt_1d": 1, "held_product_liquidation_cnt_1d": 1, "product_redeem_all_7d": False,
    },
    "unassessed": {"held_product_risk_upgraded_cnt_1d": 0, "product_pnl_ratio": None},
    "buyer": {
        "product_order_cnt_total": 4, "product_order_cnt_30d": 3, "days_since_first_product_order": 40,
        "r5_purchase_cnt_7d": 2, "product_redeemed_amt_30d": Decimal(500),
    },
    "repaid": {"product_matured_amt_3d": Decimal(700)},
    "gone": {"product_redeem_all_7d": True, "product_holding_value": Decimal(0), "product_ratio": None},
    "gone long ago": {"product_redeem_all_7d": False, "product_redeemed_amt_30d": Decimal(10)},
    "matured": {"product_redeem_all_7d": False},
    "early": {"product_maturity_days": None, "product_holding_value": Decimal(10)},
    "late": {"product_maturity_days": 9},
    "again": {"product_maturity_days": 9, "product_drawdown_max": Decimal(0)},
    "ended": {"product_maturity_days": None, "product_maturity_amt": Decimal(0)},
}  # fmt: skip


def _owner() -> Client:
    """Two products: a fund that fell, whose risk was raised and whose end was announced, and one with a term."""
    bob, share = make.client("Bob"), make.security()
    fund = product("F1", 3, open_from=ago(5), open_to=ago(-2))
    Product.objects.filter(pk=fund.pk).update(as_of=ago(0), risk_level=4, status="liquidating")
    term = product("F2", 4, term_days=30, open_from=ago(40), open_to=ago(18))
    for back, worth in [(8, 3_200), (7, 4_000), (1, 3_500), (0, 3_000)]:
        owned(bob, back, fund, worth, 2_000)
        owned(bob, back, term, 2_000, 2_000)
    held(bob, 0, share, 5_000)
    assessed(bob, 3, on=10, valid_for=10)
    KEYS["owner", "product_holding_value"] = KEYS["owner", "product_drawdown_max"] = str(fund.pk)
    KEYS["owner", "product_open_days_left"] = KEYS["owner", "held_product_risk_upgraded_cnt_1d"] = str(fund.pk)
    KEYS["owner", "held_product_liquidation_cnt_1d"] = str(fund.pk)
    KEYS["owner", "product_maturity_days"] = KEYS["owner", "product_maturity_amt"] = str(term.pk)
    return bob


def _buyer(what: Security, risky: Security) -> Client:
    charlie = make.client("Charlie")
    order: dict[str, Any] = {"business": "fund", "side": "subscribe"}
    first = bought(charlie, 40, what, **order)
    bought(charlie, 29, what, **order)
    bought(charlie, 6, risky, **order)
    KEYS["buyer", "r5_purchase_cnt_7d"] = str(bought(charlie, 1, risky, **order).pk)
    gave_back(bought(charlie, 2, risky, **order), 1)
    gave_back(bought(charlie, 60, what, **order), 59)
    bought(charlie, 29, what, 500, business="fund", side="redeem")
    bought(charlie, 30, what, 900, business="fund", side="redeem")
    KEYS["buyer", "product_order_cnt_total"] = KEYS["buyer", "days_since_first_product_order"] = str(first.pk)
    return charlie


def _repaid(what: Security, of: Product) -> Client:
    dora = make.client("Dora")
    flow(dora, 3, "product_in", 9_000)
    flow(dora, 2, "product_in", 300)
    flow(dora, 0, "product_in", 400, security=what)
    took_back(flow(dora, 0, "product_in", 5_000), 0)
    KEYS["repaid", "product_matured_amt_3d"] = str(of.pk)
    return dora


def _gone(what: Security, of: Product, back: int, *, redeemed: bool = True) -> Client:
    """Somebody who gave back all he had so many days ago, or whose product ended."""
    one = make.client("Erin")
    make.account(one)
    owned(one, back + 1, of, 10)
    if redeemed:
        bought(one, back, what, business="fund", side="redeem")
    return one


def _runners() -> dict[str, Client]:
    """Holders of a product that is always open and runs for ten days; the first file came eight days back."""
    ten, past = product("F3", 2, term_days=10), product("F4", 2, term_days=10, open_to=ago(11))
    people = {name: make.client("Frank") for name in ("early", "late", "again", "ended")}
    for name, backs in {"early": (8, 7, 1, 0), "late": (1, 0), "again": (8, 1, 0)}.items():
        for back in backs:
            owned(people[name], back, ten, 20 if back == 8 else 10)
    owned(people["ended"], 0, past, 10)
    return people


def build() -> Mapping[str, Client]:
    """Everybody; an OTC security is a product by its code."""
    risky_product, sold = product("D5", 5), product("D1", 1)
    what, risky = make.security("D1", "OTC", type="fund"), make.security("D5", "OTC", type="fund")
    unassessed = make.client("Grace")
    owner = _owner()
    owned(unassessed, 0, Product.objects.get(product_code="F1"), 3_000)
    owned(unassessed, 0, risky_product, 3_000)
    return {
        "nobody": make.client("Heidi"), "owner": owner, "unassessed": unassessed, "buyer": _buyer(what, risky),
        "repaid": _repaid(what, sold), "gone": _gone(what, sold, 6), "gone long ago": _gone(what, sold, 7),
        "matured": _gone(what, sold, 6, redeemed=False), **_runners(),
    }  # fmt: skip


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Everybody's row after one night."""
    return rows_of_a_night(build, "product", tmp_path_factory.mktemp("product"), django_db_blocker)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_features_are_as_their_definitions_say(rows: Rows, name: str) -> None:
    row = rows[name]

    assert {feature: row[feature] for feature in EXPECTED[name]} == EXPECTED[name]


def test_the_object_that_gave_the_value_is_the_key(rows: Rows) -> None:
    assert len(KEYS) == 11
    assert {place: rows[place[0]][f"{place[1]}__key"] for place in KEYS} == KEYS
