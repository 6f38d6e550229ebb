"""The features of holdings, as their definitions say, with exact values."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from clients.market.models import Board, DailyBar
from clients.register.models import Account
from tests import factories as make
from tests.clients.portrait.world import DAY, bar, credit, run, value

pytestmark = pytest.mark.django_db


def ago(days: int) -> date:
    """A day so many natural days before the data day."""
    return DAY - timedelta(days=days)


def test_total_assets_hold_credit_cash_and_every_holding_but_not_less_debt() -> None:
    bob, nothing = make.client("Bob"), make.client("Charlie")
    make.account(nothing)
    make.cash(bob, 1000)
    credit(bob, cash=500, debt=400_000)
    make.position(bob, make.security("600519"), quantity=Decimal(10), last_price=Decimal(50))
    make.position(bob, make.security("600000"), quantity=Decimal(10), last_price=Decimal(200))

    run()

    assert value(bob, "cash_ratio") == Decimal("0.25")
    assert value(bob, "top1_position_ratio") == Decimal("0.5")
    assert value(bob, "position_market_value") == Decimal(2500)
    assert value(nothing, "cash_ratio") is None  # total assets are zero


def test_one_security_in_two_accounts_is_one_holding() -> None:
    bob = make.client("Bob")
    wide, narrow = make.security("600519", name="甲"), make.security("600000", name="乙")
    second = make.account(bob, kind=Account.Kind.CREDIT_FUND)
    make.position(bob, wide, quantity=Decimal(10), last_price=Decimal(30))
    make.position(bob, narrow, quantity=Decimal(10), last_price=Decimal(50))
    held = make.position(bob, make.security("600001"), quantity=Decimal(10), last_price=Decimal(30))
    type(held).objects.filter(pk=held.pk).update(security=wide, account=second, holder_account=second)

    run()

    assert value(bob, "top1_security_name") == "甲"
    assert value(bob, "top1_security_name__key") == "600519.SH"
    assert value(bob, "top1_position_ratio") == Decimal("0.545455")
    assert value(bob, "position_market_value") == Decimal(1100)


def test_of_two_equal_holdings_the_smaller_symbol_leads() -> None:
    bob = make.client("Bob")
    for code, exchange in [("600519", "SH"), ("000001", "SZ"), ("000001", "SH")]:
        make.position(bob, make.security(code, exchange, name=f"{code}{exchange}"))

    run()

    names = ["top1_security_name", "top1_position_ratio", "top1_pct_chg_1d", "top1_limit_status"]
    assert value(bob, "top1_security_name") == "000001SH"
    assert {value(bob, f"{name}__key") for name in names} == {"000001.SH"}


def test_nothing_held_is_no_holding() -> None:
    sold, fund, foreign = (make.client(name) for name in ("Alice", "Bob", "Charlie"))
    make.position(sold, quantity=Decimal(0))
    make.position(fund, make.security("D00001", "OTC"))
    make.position(foreign, make.security("00700", "HK", currency="HKD"))

    run()

    for who in (sold, fund, foreign):
        assert value(who, "top1_security_name") is None
        assert value(who, "position_market_value") == 0


def test_the_closing_status_of_the_largest_holding() -> None:
    cases: list[tuple[dict[str, Any], str | None]] = [
        ({"limit_up": "11.00", "limit_down": "9.00"}, "none"),
        ({"limit_up": "10.80", "limit_down": "9.00"}, "limit_up"),
        ({"limit_up": "12.00", "limit_down": "10.80"}, "limit_down"),
        ({"status": DailyBar.Status.NO_LIMIT}, "none"),
        ({"status": DailyBar.Status.FIRST_DAY}, "none"),
        ({}, None),  # no limits given, and the board is unknown
        ({"adjusted": True}, None),
    ]
    holders = [make.client("Bob") for _case in cases]
    for number, (bob, (fields, _status)) in enumerate(zip(holders, cases, strict=True)):
        what = make.security(f"60000{number}")
        make.position(bob, what)
        bar(what, "10.80", "10.00", **fields)

    run()

    assert [value(bob, "top1_limit_status") for bob in holders] == [status for _fields, status in cases]
    assert {value(bob, "top1_pct_chg_1d") for bob in holders} == {Decimal("8.000000")}


def test_limits_that_the_feed_does_not_give_follow_from_the_board() -> None:
    cases = [
        ("10.05", "11.06", Board.MAIN, "none", "limit_up"),  # 11.055 is rounded half up
        ("10.05", "11.05", Board.MAIN, "none", "none"),
        ("10.05", "11.07", Board.MAIN, "none", "none"),  # beyond: the day had no limits
        ("10.05", "9.05", Board.MAIN, "none", "limit_down"),  # 9.045
        ("10.00", "10.50", Board.MAIN, "st", "limit_up"),
        ("10.00", "12.00", Board.STAR, "none", "limit_up"),
        ("10.00", "11.00", Board.STAR, "none", "none"),
        ("10.00", "13.00", Board.BSE, "none", "limit_up"),
    ]
    holders = [make.client("Bob") for _case in cases]
    for number, (bob, (prev, close, board, risk_flag, _status)) in enumerate(zip(holders, cases, strict=True)):
        what = make.security(f"60000{number}", board=board, risk_flag=risk_flag)
        make.position(bob, what)
        bar(what, close, prev)

    run()

    assert [value(bob, "top1_limit_status") for bob in holders] == [case[-1] for case in cases]


def test_a_suspended_holding_has_a_status_and_no_change() -> None:
    bob, what = make.client("Bob"), make.security()
    make.position(bob, what)
    bar(what, "10.00", "10.00", status=DailyBar.Status.SUSPENDED)

    run()

    assert value(bob, "top1_limit_status") == "suspended"
    assert value(bob, "top1_pct_chg_1d") is None


def test_a_holding_without_a_bar_of_the_last_trading_day_is_unknown() -> None:
    bob, what, other = make.client("Bob"), make.security(), make.security("600000")
    make.position(bob, what)
    bar(what, "11.00", "10.00", day=ago(1))
    bar(other, "11.00", "10.00")

    run()

    assert value(bob, "top1_security_name") == "贵州茅台"
    assert value(bob, "top1_pct_chg_1d") is None
    assert value(bob, "top1_limit_status") is None


def test_what_is_no_finite_number_is_unknown() -> None:
    infinite, undefined = make.client("Alice"), make.client("Bob")
    for who, code, close in [(infinite, "600001", "10"), (undefined, "600002", "0")]:
        make.position(who, make.security(code))
        bar(make.security(code), close, "0")

    run()

    assert value(infinite, "top1_pct_chg_1d") is None  # 10 / 0 is infinity
    assert value(undefined, "top1_pct_chg_1d") is None  # 0 / 0 is not a number
