"""Positions: an account's day is replaced whole, or stays as it was."""

from datetime import date
from decimal import Decimal

import pytest

from clients.ledger.models import Position
from clients.market.models import Security
from clients.register.models import Account
from tests.clients.intake.lines import POSITION, TRADE
from tests.clients.intake.taking import Take
from tests.clients.intake.world import account

WRONG_POSITIONS = [
    ({"account_no": "A9"}, "E_NO_ACCOUNT", "account_no"),
    ({"fund_account": "100000002"}, "E_NO_ACCOUNT", "account_no"),
    ({"available": "201"}, "E_RANGE", "available"),
    ({"quantity": "-200", "market_value": "0"}, "E_RANGE", "quantity"),
    ({"market_value": "290000.02"}, "E_ARITH", "market_value"),
    ({"day": "2026-11-14"}, "E_NOT_TRADING_DAY", "day"),
]


@pytest.mark.parametrize(("change", "code", "column"), WRONG_POSITIONS)
def test_each_wrong_position_is_rejected_for_its_own_reason(
    world: Take, change: dict[str, str], code: str, column: str
) -> None:
    taken = world("positions", [POSITION | change])

    assert (2, code, column) in taken.codes
    assert not Position.objects.exists()


def test_a_security_that_was_not_listed_cannot_be_held(world: Take) -> None:
    Security.objects.filter(code="600519").update(delist_date=date(2026, 11, 19))

    assert world("positions", [POSITION]).codes == [(2, "E_CLOSED", "code")]


def _second(world: Take) -> dict[str, str]:
    client = Account.objects.get(account_no="A100000001").client
    account(client, "securities", "SZ", "0800000001")
    return POSITION | {"account_no": "0800000001", "exchange": "SZ", "code": "300750"}


def test_an_account_s_day_is_replaced_whole(world: Take) -> None:
    other = _second(world)
    world("positions", [POSITION, other])

    taken = world("positions", [POSITION | {"quantity": "100", "available": "100", "market_value": "145000.00"}])

    held = Position.objects.get()
    assert taken.counts == (1, 0, 0)
    assert (held.security.code, held.quantity, held.market_value) == ("600519", 100, Decimal("145000.00"))


def test_a_day_with_one_rejected_line_stays_as_it_was(world: Take) -> None:
    other = _second(world)
    world("positions", [POSITION, other])
    change = {"quantity": "100", "available": "100", "market_value": "145000.00"}

    taken = world("positions", [POSITION | change, other | {"last_price": "x"}])

    assert taken.codes == [(2, "E_TYPE", ""), (3, "E_TYPE", "last_price")]
    assert taken.rejects[0]["message"] == "line 3 of the same account and day was rejected: that day stays as it was"
    assert sorted(Position.objects.values_list("quantity", flat=True)) == [200, 200]


def test_a_line_that_cannot_be_read_spares_the_days_of_its_neighbours(world: Take) -> None:
    world("positions", [POSITION, _second(world)])
    header, line, *_rest = (
        ",".join(POSITION),
        ",".join((POSITION | {"quantity": "100", "available": "100", "market_value": "145000.00"}).values()),
    )

    taken = world("positions", f"{header}\n{line}\n2026-11-20,1000")

    assert [(n, code) for n, code, _column in taken.codes] == [(2, "E_COLUMN"), (3, "E_COLUMN")]
    assert sorted(Position.objects.values_list("quantity", flat=True)) == [200, 200]


def test_the_same_positions_again_change_nothing(world: Take) -> None:
    world("positions", [POSITION])
    before = Position.objects.values().get()

    taken = world("positions", [POSITION])

    assert taken.counts == (0, 1, 0)
    assert Position.objects.values().get() == before


def test_differences_against_yesterday_and_the_trades_are_listed(world: Take) -> None:
    world("positions", [POSITION | {"day": "2026-11-19"}])
    world("trades", [TRADE])

    same = world("positions", [POSITION | {"quantity": "300", "available": "200", "market_value": "435000.00"}])
    less = world("positions", [POSITION])

    assert same.outcome.notes == {}
    assert less.outcome.notes == {"2026-11-20 …0001 600519.SH: -100.0000 against yesterday and the day's trades": 1}
    assert less.counts == (1, 0, 0)
