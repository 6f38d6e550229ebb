"""The group cash: what lies there, what came and went, since when it lies idle."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from clients.register.models import Client
from tests import factories as make
from tests.clients.portrait.money import bought, flow, held, took_back
from tests.clients.portrait.one_night import Rows, rows_of_a_night

pytestmark = pytest.mark.django_db  # tells that a database is needed; the one world is built for the module
ZERO = ["cash_in_1d", "cash_out_1d", "net_inflow_30d", "net_outflow_weeks_consecutive", "dividend_credit_amt_1d"]
UNKNOWN = ["cash_ratio", "days_since_first_funding", "cash_out_ratio_1d", "cash_out_ratio_7d"]
UNKNOWN += ["cash_in_1d__key", "cash_out_1d__key", "cash_out_ratio_1d__key", "dividend_credit_amt_1d__key"]
KEYS: dict[str, str] = {}
EXPECTED: dict[str, dict[str, Any]] = {
    "nobody": {
        **dict.fromkeys(ZERO, 0), **dict.fromkeys(UNKNOWN),
        "cash_available": None, "cash_idle_days": None, "has_funded": None,
    },
    "empty": {
        **dict.fromkeys(ZERO, 0), **dict.fromkeys(UNKNOWN),
        "cash_available": Decimal(0), "cash_idle_days": 0, "has_funded": False,
    },
    "busy": {
        "cash_available": Decimal("40588.80"), "cash_ratio": Decimal(1), "cash_idle_days": 2, "has_funded": True,
        "days_since_first_funding": 31, "cash_in_1d": Decimal(30_500), "cash_out_1d": Decimal(2_000),
        "cash_out_ratio_1d": Decimal("0.166667"), "cash_out_ratio_7d": Decimal("0.5"),
        "net_inflow_30d": Decimal(35_500), "net_outflow_weeks_consecutive": 1,
        "dividend_credit_amt_1d": Decimal("88.80"),
    },
    "leaving": {"net_outflow_weeks_consecutive": 3, "cash_out_1d": Decimal(0), "net_inflow_30d": Decimal(-1_700)},
    "stayed": {"net_outflow_weeks_consecutive": 0, "net_inflow_30d": Decimal(0), "has_funded": False},
    "corrected": {"has_funded": True, "days_since_first_funding": 10, "net_inflow_30d": Decimal(300)},
    "overdrawn": {"cash_available": Decimal(0), "cash_idle_days": 0},
    "patient": {"cash_idle_days": 8},
    "bought yesterday": {"cash_idle_days": 1},
    "bought today": {"cash_idle_days": 0},
    "bought nothing": {"cash_idle_days": 8},
    "bought a product": {"cash_idle_days": 1},
    "spent and saved": {"cash_idle_days": 2},
}  # fmt: skip


def _busy() -> Client:
    bob = make.client("Bob")
    flow(bob, 31, "bank_in", 10_000, 10_000)
    flow(bob, 30, "custody_in", 3_000)
    flow(bob, 26, "custody_in", 5_000)
    flow(bob, 7, "bank_out", -4_000, 6_000)
    flow(bob, 6, "bank_out", -1_000, 5_000)
    flow(bob, 1, "bank_in", 7_000, 12_000)
    flow(bob, 0, "bank_in", 30_000, 42_000)
    took_back(flow(bob, 0, "bank_in", 9_999), 0)
    KEYS["cash_out_1d"] = KEYS["cash_out_ratio_1d"] = str(flow(bob, 0, "bank_out", -2_000, 40_000).pk)
    KEYS["cash_in_1d"] = str(flow(bob, 0, "bank_in", 500, 40_500).pk)
    KEYS["dividend_credit_amt_1d"] = str(flow(bob, 0, "dividend", 88.8).pk)
    return bob


def _leaving() -> Client:
    """Money left in three whole weeks and in the present one; before that more came than went."""
    alice = make.client("Alice")
    for back, amount in [(32, 900), (31, -800), (25, -500), (17, -600), (11, 100), (10, -700)]:
        flow(alice, back, "bank_in" if amount > 0 else "bank_out", amount)
    return alice


def _idle() -> Client:
    """Someone with enough cash since the seventh day back."""
    one = make.client("Charlie")
    flow(one, 7, "interest", 1, 20_000)
    return one


def build() -> Mapping[str, Client]:
    """Everybody, and closes of the days that the windows ask for."""
    other, share = make.client("Dora"), make.security()
    for back in (8, 7, 1, 0):
        held(other, back, share, 100)
    corrected, stayed, overdrawn = (make.client(name) for name in ("Erin", "Frank", "Grace"))
    took_back(flow(corrected, 50, "bank_in", 100), 49)
    flow(corrected, 10, "bank_in", 300)
    took_back(flow(stayed, 10, "bank_out", -400), 8)
    make.account(overdrawn)
    flow(overdrawn, 7, "fee", -5, -5)
    people = {name: _idle() for name in EXPECTED if name.startswith(("bought", "patient", "spent"))}
    bought(people["bought yesterday"], 1, share)
    bought(people["bought today"], 0, share)
    bought(people["bought nothing"], 0, share, side="sell")
    flow(people["bought a product"], 1, "product_out", -10, 19_000)
    flow(people["spent and saved"], 7, "fee", -15_000, 5_000)
    flow(people["spent and saved"], 1, "interest", 15_000, 20_000)
    empty = make.client("Heidi")
    make.account(empty)
    return {
        "nobody": make.client("Ivan"), "empty": empty, "busy": _busy(), "leaving": _leaving(), "stayed": stayed,
        "corrected": corrected, "overdrawn": overdrawn, **people,
    }  # fmt: skip


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Everybody's row after one night."""
    return rows_of_a_night(build, "cash", tmp_path_factory.mktemp("cash"), django_db_blocker)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_features_are_as_their_definitions_say(rows: Rows, name: str) -> None:
    row = rows[name]

    assert {feature: row[feature] for feature in EXPECTED[name]} == EXPECTED[name]


def test_the_movement_that_gave_the_value_is_the_key(rows: Rows) -> None:
    assert len(KEYS) == 4
    assert {name: rows["busy"][f"{name}__key"] for name in KEYS} == KEYS
