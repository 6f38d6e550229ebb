"""Products and their net asset values."""

from decimal import Decimal

import pytest

from clients.market.models import Product, ProductNav
from tests.clients.intake.taking import Take
from tests.clients.market.takes import PRODUCT


def test_the_newest_line_is_the_present_state_and_every_line_brings_its_value(take: Take) -> None:
    older = PRODUCT | {"as_of": "2026-11-19", "nav_date": "2026-11-18", "nav": "0.9990", "name": "旧名"}

    taken = take("products", [PRODUCT, older])

    assert taken.counts == (2, 0, 0)
    assert Product.objects.get().name == "示例现金增利"
    assert list(ProductNav.objects.order_by("day").values_list("nav", flat=True)) == [Decimal("0.9990"), 1]
    assert take("products", [PRODUCT, older]).counts == (0, 2, 0)


def test_a_regrade_and_a_leap_of_the_value_are_said_and_history_is_kept(take: Take) -> None:
    take("products", [PRODUCT])

    taken = take("products", [PRODUCT | {"risk_level": "2", "nav": "1.3000", "nav_date": "2026-11-20"}])

    assert taken.counts == (1, 0, 0)
    assert taken.outcome.notes == {
        "risk level changed: clients who hold the product must be matched again": 1,
        "net asset value moved by more than 20 %": 1,
    }
    history = Product.pgh_event_model.objects.order_by("pgh_id").values_list("risk_level", flat=True)
    assert list(history) == [1, 2]


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"kind": "private"}, "E_ENUM", "investor"),
        ({"kind": "private", "investor": "qualified"}, "E_RANGE", "cooling_off_hours"),
        ({"open_from": "2026-11-20", "open_to": "2026-11-19"}, "E_ORDER", "open_to"),
        ({"nav": "0"}, "E_RANGE", "nav"),
        ({"nav_date": ""}, "E_REQUIRED", "nav_date"),
        ({"nav_date": "2026-11-21"}, "E_FUTURE", "nav_date"),
        ({"risk_level": "6"}, "E_RANGE", "risk_level"),
    ],
)
def test_each_wrong_product_is_rejected_for_its_own_reason(
    take: Take, change: dict[str, str], code: str, column: str
) -> None:
    taken = take("products", [PRODUCT | change])

    assert (2, code, column) in taken.codes
    assert not Product.objects.exists()
