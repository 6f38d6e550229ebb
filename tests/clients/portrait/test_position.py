"""The group position, beyond the largest holding (see test_positions): risk, cost, industry, rights, tax."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from clients.market.calendar import calendar
from clients.market.models import Board, Security
from clients.register.models import Client
from tests import factories as make
from tests.clients.portrait.happenings import event, taken_back
from tests.clients.portrait.money import ago, bought, gave_back, held, owned, product
from tests.clients.portrait.one_night import Rows, rows_of_a_night

pytestmark = pytest.mark.django_db  # tells that a database is needed; the one world is built for the module
UNKNOWN = ["high_risk_holding_ratio", "unrealized_pnl_ratio", "top1_sector_ratio", "days_since_position_cleared"]
UNKNOWN += ["dividend_tax_relief_days_left", "dividend_tax_relief_days_left__key"]
EXPECTED: dict[str, dict[str, Any]] = {
    "nobody": {**dict.fromkeys(UNKNOWN), "market_value_avg_20td": Decimal(0)},
    "risky": {
        "high_risk_holding_ratio": Decimal("0.7"), "top1_sector_ratio": Decimal("0.5"),
        "unrealized_pnl_ratio": Decimal("0.6"), "days_since_position_cleared": None,
    },
    "safe": {"high_risk_holding_ratio": Decimal(0), "unrealized_pnl_ratio": None, "top1_sector_ratio": None},
    "steady": {"market_value_avg_20td": Decimal(300)},
    "new": {"market_value_avg_20td": Decimal(0)},
    "cleared": {"days_since_position_cleared": 4, "high_risk_holding_ratio": None},
    "cleared today": {"days_since_position_cleared": 0},
    "in Hong Kong": {"days_since_position_cleared": None},
    "month": {"dividend_tax_relief_days_left": 1, "dividend_tax_relief_days_left__key": "600519.SH/D2"},
    "year": {"dividend_tax_relief_days_left": 0, "dividend_tax_relief_days_left__key": "600519.SH/D2"},
    "long past": {"dividend_tax_relief_days_left": None},
    "sold the oldest": {"dividend_tax_relief_days_left": 10},
    "taken back": {"dividend_tax_relief_days_left": None},
    "after the dividend": {"dividend_tax_relief_days_left": None},
}  # fmt: skip


def _risky() -> Client:
    """Of assets of 1,000: shares of the STAR board 300, a warned one 200, a safe one 300, products of level 4 and 3."""
    bob = make.client("Bob")
    star = make.security("688001", board=Board.STAR, industry="芯片")
    warned, safe = make.security("600001", risk_flag="st", industry="白酒"), make.security("600002", industry="白酒")
    held(bob, 0, star, 300, cost_price=Decimal(200))
    held(bob, 0, warned, 200, cost_price=None)
    held(bob, 0, safe, 100, cost_price=Decimal(50))
    held(bob, 0, make.security("510300", type="etf"), 0, cost_price=Decimal(0))
    owned(bob, 0, product("P4", 4), 200)
    owned(bob, 0, product("P3", 3), 200)
    return bob


def _steady(share: Security) -> dict[str, Client]:
    """Twenty trading days that end two trading days ago: 300 in Shanghai, in Shenzhen more on few days."""
    cal, people = calendar(), {name: make.client("Charlie") for name in ("steady", "new")}
    other = make.security("000001", "SZ")
    for back in range(2, 22):
        day = cal.shift(make.DAY, -back)
        make.position(people["steady"], share, day=day, quantity=Decimal(1), last_price=Decimal(300))
    for back in (1, 2, 22):
        day = cal.shift(make.DAY, -back)
        make.position(people["steady"], other, day=day, quantity=Decimal(1), last_price=Decimal(4_000))
    held(people["new"], 0, share, 9_000)
    return people


def _taxed(share: Security) -> dict[str, Client]:
    """Two dividends were paid ten days ago on shares held twelve days ago, one was withdrawn, one is still to come."""
    paid = {"pay_date": ago(10), "ex_date": ago(11), "record_date": ago(12)}
    event(share, "dividend", "D1", back=20, **paid)
    event(share, "dividend", "D2", back=15, **paid)
    taken_back(event(share, "dividend", "D3", back=15, **paid))
    event(share, "dividend", "D4", back=5, pay_date=ago(-1), ex_date=ago(0), record_date=ago(1))
    names = ("month", "year", "long past", "sold the oldest", "taken back", "after the dividend")
    people = {name: make.client("Dora") for name in names}
    for name, back in [("month", 30), ("year", 365), ("long past", 366), ("after the dividend", 11)]:
        bought(people[name], back, share)
    bought(people["sold the oldest"], 30, share)
    bought(people["sold the oldest"], 20, share, quantity=0.5)
    gave_back(bought(people["taken back"], 30, share), 29)
    for name, one in people.items():
        left = Decimal("0.5") if name == "sold the oldest" else Decimal(1)
        make.position(one, share, quantity=left, last_price=Decimal(100))
    return people


def build() -> Mapping[str, Client]:
    """Everybody."""
    share = make.security()
    safe, cleared, today, abroad = (make.client(name) for name in ("Erin", "Frank", "Grace", "Heidi"))
    held(safe, 0, make.security("511005", type="etf"), 100, cost_price=None)
    held(cleared, 7, share, 100)
    held(today, 1, share, 100)
    held(abroad, 1, share, 100)
    held(abroad, 0, make.security("00700", "HK", currency="HKD"), 100)
    return {
        "nobody": make.client("Ivan"), "risky": _risky(), "safe": safe, "cleared": cleared, "cleared today": today,
        "in Hong Kong": abroad, **_steady(share), **_taxed(share),
    }  # fmt: skip


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Everybody's row after one night."""
    return rows_of_a_night(build, "position", tmp_path_factory.mktemp("position"), django_db_blocker)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_features_are_as_their_definitions_say(rows: Rows, name: str) -> None:
    row = rows[name]

    assert {feature: row[feature] for feature in EXPECTED[name]} == EXPECTED[name]
