"""Every feature as its definition says, with exact values."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from clients.ledger.models import CashFlow
from clients.portrait import building, selectors
from clients.register.models import Account, Client, ContactHold, RiskAssessment
from tests import factories as make
from tests.clients.portrait.world import DAY, run, trade, value

pytestmark = pytest.mark.django_db


def ago(days: int) -> date:
    """A day so many natural days before the data day."""
    return DAY - timedelta(days=days)


def test_a_client_without_anything_has_zero_or_unknown_as_the_definitions_say() -> None:
    bob = make.client("Bob", status=Client.Status.LEAD, opened_on=None, kind=Client.Kind.ORGANISATION)

    run()

    zero = ["trade_days_30d", "position_market_value"]
    unknown = ["account_age_days", "client_risk_level", "cash_ratio", "days_since_first_trade", "top1_security_name"]
    unknown += ["top1_position_ratio", "top1_pct_chg_1d", "top1_limit_status", "account_status", "age", "manager_id"]
    assert [value(bob, name) for name in zero] == [0, 0]
    assert [value(bob, name) for name in unknown] == [None] * len(unknown)
    assert (value(bob, "is_individual"), value(bob, "client_status")) == (False, "lead")


def test_account_age_counts_from_the_main_fund_account() -> None:
    today, older, securities_only, future = (make.client(name) for name in ("Alice", "Bob", "Charlie", "Dora"))
    make.account(today, opened_on=DAY)
    make.account(older, opened_on=ago(400), main=False)
    make.account(older, opened_on=ago(10), main=True, status=Account.Status.FROZEN)
    make.account(securities_only, kind=Account.Kind.SECURITIES, opened_on=ago(5))
    make.account(future, opened_on=DAY + timedelta(days=1))

    run()

    assert [value(who, "account_age_days") for who in (today, older, securities_only, future)] == [0, 10, None, None]
    assert [value(who, "account_status") for who in (today, older)] == ["normal", "frozen"]


def test_the_risk_level_is_that_of_the_valid_assessment() -> None:
    valid, last_day, expired, none = (make.client(name) for name in ("Alice", "Bob", "Charlie", "Dora"))
    for who, level, valid_to in [(valid, 4, date(2027, 1, 1)), (last_day, 3, DAY), (expired, 5, ago(1))]:
        RiskAssessment.objects.create(client=who, level=level, assessed_on=ago(300), valid_to=valid_to)

    run()

    assert [value(who, "client_risk_level") for who in (valid, last_day, expired, none)] == [4, 3, None, None]


def test_trade_days_count_days_of_the_last_thirty_not_trades() -> None:
    bob = make.client("Bob")
    for number, days in enumerate([0, 0, 29, 30, 31]):
        trade(bob, ago(days), str(number))

    run()

    assert value(bob, "trade_days_30d") == 2
    assert value(bob, "days_since_first_trade") == 31


def test_a_first_trade_today_was_zero_days_ago() -> None:
    bob = make.client("Bob")
    trade(bob, DAY, "1")

    run()

    assert (value(bob, "trade_days_30d"), value(bob, "days_since_first_trade")) == (1, 0)


def test_a_trade_taken_back_did_not_happen() -> None:
    only, first, renumbered = (make.client(name) for name in ("Alice", "Bob", "Charlie"))
    trade(only, ago(3), "1")
    trade(only, ago(2), "2", reversal_of="1")
    trade(first, ago(100), "1")
    trade(first, ago(99), "7", reversal_of="1")
    trade(first, ago(5), "2")
    # The number returns on another day: the later trade is meant, the earlier one stands.
    trade(renumbered, ago(20), "1")
    trade(renumbered, ago(10), "1")
    trade(renumbered, ago(9), "2", reversal_of="1")

    run()

    assert [value(who, "trade_days_30d") for who in (only, first, renumbered)] == [0, 1, 1]
    assert [value(who, "days_since_first_trade") for who in (only, first, renumbered)] == [None, 5, 20]


def test_the_first_trade_is_found_again_when_it_is_taken_back_later() -> None:
    bob, charlie = make.client("Bob"), make.client("Charlie")
    trade(bob, ago(50), "1")
    trade(bob, ago(40), "2")
    trade(charlie, ago(30), "3")
    run(ago(1))
    before = [value(who, "days_since_first_trade", ago(1)) for who in (bob, charlie)]

    trade(bob, DAY, "9", reversal_of="1")
    run()

    assert before == [49, 29]
    assert [value(who, "days_since_first_trade") for who in (bob, charlie)] == [40, 30]


def test_cash_is_the_last_balance_and_what_moved_since() -> None:
    bob = make.client("Bob")
    make.position(bob, quantity=Decimal(100), last_price=Decimal(10))
    make.cash(bob, 5000, day=ago(1000))
    make.cash(bob, 3500, day=ago(10), amount=Decimal(-1500))
    for kind, amount in [(CashFlow.Kind.BANK_IN, 600), (CashFlow.Kind.CUSTODY_IN, 90_000), (CashFlow.Kind.FEE, -100)]:
        flow = make.cash(bob, 0, day=ago(2), kind=kind, amount=amount)
        CashFlow.objects.filter(pk=flow.pk).update(balance_after=None)
    make.cash(bob, 88_888, day=ago(1), currency="HKD", amount=1)

    run()

    assert value(bob, "cash_ratio") == Decimal("0.8")  # 4,000 of 5,000


def test_the_balance_of_the_next_day_follows_from_the_state_before() -> None:
    bob = make.client("Bob")
    make.position(bob, day=ago(1), quantity=Decimal(100), last_price=Decimal(10))
    make.position(bob, day=DAY, quantity=Decimal(100), last_price=Decimal(10))
    make.cash(bob, 1000, day=ago(30))
    run(ago(1))

    flow = make.cash(bob, 0, day=DAY, amount=Decimal(3000))
    CashFlow.objects.filter(pk=flow.pk).update(balance_after=None)
    run()

    assert value(bob, "cash_ratio", ago(1)) == Decimal("0.5")
    assert value(bob, "cash_ratio") == Decimal("0.8")


def test_the_columns_that_gates_ask_for() -> None:
    alice = make.staff("Alice", own_client_no="C0000042")
    own = make.client("Alice", client_no="C0000042", manager=alice, birth_date=date(2008, 11, 21))
    gone = make.client("Bob", birth_date=date(2008, 11, 20))
    ContactHold.objects.create(client=gone, kind=ContactHold.Kind.DECEASED)

    run()

    columns = ["branch_id", "manager_id", "is_individual", "client_status", "age", "own_staff", "deceased"]
    assert [value(own, name) for name in columns] == [alice.branch_id, alice.pk, True, "active", 17, True, False]
    assert [value(gone, name) for name in columns] == [gone.branch_id, None, True, "active", 18, False, True]


def test_a_source_in_many_small_files_gives_the_same_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[bool] = []
    scattered = building.Bucket._scattered

    def look(bucket: building.Bucket, table: str, window: int) -> bool:
        looks.append(scattered(bucket, table, window))
        return looks[-1]

    monkeypatch.setattr(building.Bucket, "_scattered", look)
    bob = make.client("Bob")
    for number, days in enumerate([0, 1, 7, 8, 29, 30]):
        trade(bob, ago(days), str(number))
    run()
    at_once, one_by_one = selectors.feature_version(DAY), len(looks)
    monkeypatch.setattr(building, "FEW_ROWS", -1)

    run()

    assert set(looks[:one_by_one]) == {True, False}
    assert set(looks[one_by_one:]) == {False}
    assert selectors.feature_version(DAY) == at_once
    assert value(bob, "trade_days_30d") == 5
