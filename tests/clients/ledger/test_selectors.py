"""What a client held and what it was worth, summed by day."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from clients.lake.mirroring import mirror_day
from clients.ledger import selectors, services
from clients.ledger.models import CashFlow, MarginAccountDay
from clients.market.models import DailyBar
from clients.register.models import Account
from tests import factories

pytestmark = pytest.mark.django_db
THURSDAY, FRIDAY = date(2026, 11, 19), date(2026, 11, 20)


def test_holdings_of_one_security_in_two_accounts_are_one_line():
    bob = factories.client()
    first, second = factories.fund_account(bob), factories.account(bob, main=False)
    factories.position(bob, quantity=Decimal(100), cost_price=Decimal(10), last_price=Decimal(12))
    row = factories.position(bob, factories.security("000001", "SZ", "平安银行"))
    row.security, row.account, row.quantity = factories.security(), second, Decimal(50)
    row.cost_price, row.last_price, row.market_value = Decimal(13), Decimal(12), Decimal(600)
    row.save()
    DailyBar.objects.create(
        security=factories.security(), day=FRIDAY, close=Decimal(12), prev_close=Decimal(10), volume=1, status="trading"
    )

    (found,) = selectors.holdings(bob.pk, FRIDAY)

    assert first != second
    assert (found.quantity, found.price, found.value) == (Decimal(150), Decimal(12), Decimal(1800))
    assert (found.cost, found.gain) == (Decimal(1650), Decimal(150))
    assert found.gain_ratio == Decimal(150) / Decimal(1650)
    assert found.change == Decimal("0.2")


def test_a_holding_without_a_cost_has_no_gain():
    bob = factories.client()
    factories.position(bob, cost_price=None)

    (found,) = selectors.holdings(bob.pk, FRIDAY)

    assert (found.cost, found.gain, found.gain_ratio, found.change) == (None, None, None, None)


def test_holdings_are_of_one_client_and_one_day_largest_first():
    bob, charlie = factories.client(), factories.client("Charlie")
    small, large = factories.security("600001", name="小"), factories.security("600002", name="大")
    factories.position(bob, small, market_value=Decimal(1))
    factories.position(bob, large, market_value=Decimal(2))
    factories.position(bob, day=THURSDAY)
    factories.position(charlie)

    found = selectors.holdings(bob.pk, FRIDAY)

    assert [row.security for row in found] == [large, small]


def test_totals_carry_the_last_balance_forward_and_count_what_was_brought_in():
    bob = factories.client()
    factories.cash(bob, 500, day=date(2026, 11, 16))
    for day, value in ((THURSDAY, 1000), (FRIDAY, 1200)):
        factories.position(bob, day=day, market_value=Decimal(value))
    factories.cash(bob, 800, day=FRIDAY, kind=CashFlow.Kind.BANK_IN, amount=Decimal(300))

    found = selectors.totals(bob.pk, FRIDAY)

    assert [(row.day, row.securities, row.cash, row.moved) for row in found] == [
        (THURSDAY, Decimal(1000), Decimal(500), Decimal(0)),
        (FRIDAY, Decimal(1200), Decimal(800), Decimal(300)),
    ]
    assert [row.total for row in found] == [Decimal(1500), Decimal(2000)]


def test_what_moved_on_a_day_without_positions_counts_on_the_next_one():
    bob = factories.client()
    wednesday = date(2026, 11, 18)
    factories.position(bob, day=wednesday)
    factories.cash(bob, 300, day=THURSDAY, kind=CashFlow.Kind.BANK_IN, amount=Decimal(300))
    factories.position(bob, day=FRIDAY)

    found = selectors.totals(bob.pk, FRIDAY)

    assert [(row.day, row.moved) for row in found] == [(wednesday, Decimal(0)), (FRIDAY, Decimal(300))]


def test_foreign_currency_is_in_no_sum():
    bob = factories.client()
    factories.position(bob, market_value=Decimal(100))
    factories.position(bob, factories.security("900901", name="云赛B股", currency="USD"), market_value=Decimal(999))
    factories.cash(bob, 50)
    factories.cash(bob, 777, currency="USD")

    (found,) = selectors.totals(bob.pk, FRIDAY)

    assert (found.securities, found.cash) == (Decimal(100), Decimal(50))
    assert len(selectors.holdings(bob.pk, FRIDAY)) == 2


def test_margin_cash_is_counted_once_and_debt_stands_beside_it():
    bob = factories.client()
    factories.position(bob, market_value=Decimal(100))
    credit = factories.account(bob, Account.Kind.CREDIT_FUND)
    MarginAccountDay.objects.create(
        day=FRIDAY, account=credit, client=bob, cash=Decimal(40), collateral_value=Decimal(100), debt=Decimal(60)
    )
    factories.cash(bob, 5)
    CashFlow.objects.update(account=credit)

    (found,) = selectors.totals(bob.pk, FRIDAY)

    assert (found.cash, found.debt, found.total) == (Decimal(40), Decimal(60), Decimal(140))


def test_at_most_the_days_asked_for_are_returned_the_last_ones():
    bob = factories.client()
    days = [date(2026, 11, day) for day in (16, 17, 18, 19, 20)]
    for day in days:
        factories.position(bob, day=day)

    assert [row.day for row in selectors.totals(bob.pk, FRIDAY, days=3)] == days[2:]


def test_before_the_first_file_there_is_no_last_day():
    assert selectors.last_day() is None


def test_days_that_the_record_no_longer_has_come_from_the_lake(settings, tmp_path, monkeypatch):
    settings.LAKE_DIR = tmp_path / "lake"
    bob, charlie = factories.client(), factories.client("Charlie")
    credit = factories.account(bob, Account.Kind.CREDIT_FUND)
    factories.cash(bob, 7, day=date(2026, 11, 17))
    for day, value in ((date(2026, 11, 18), 100), (THURSDAY, 110), (FRIDAY, 120)):
        factories.position(bob, day=day, market_value=Decimal(value))
        factories.position(bob, factories.security("900901", name="B", currency="USD"), day=day)
        factories.position(charlie, day=day)
        MarginAccountDay.objects.create(
            day=day, account=credit, client=bob, cash=Decimal(40), collateral_value=Decimal(1), debt=Decimal(60)
        )
        mirror_day(day=day, cutoff=datetime.now(UTC) + timedelta(days=1))
    whole = selectors.totals(bob.pk, FRIDAY)

    monkeypatch.setattr(services, "KEPT_DAYS", 1)
    services.prune_daily_state(day=FRIDAY, now=datetime.now(UTC))

    assert selectors.totals(bob.pk, FRIDAY) == whole
    assert [(row.day, row.total, row.debt) for row in whole] == [
        (date(2026, 11, 18), Decimal(147), Decimal(60)),
        (THURSDAY, Decimal(157), Decimal(60)),
        (FRIDAY, Decimal(167), Decimal(60)),
    ]


def test_the_lake_is_asked_for_no_more_days_than_the_line_has(settings, tmp_path, monkeypatch):
    settings.LAKE_DIR = tmp_path / "lake"
    bob = factories.client()
    for day in (date(2026, 11, 18), THURSDAY, FRIDAY):
        factories.position(bob, day=day)
        mirror_day(day=day, cutoff=datetime.now(UTC) + timedelta(days=1))
    monkeypatch.setattr(services, "KEPT_DAYS", 1)
    services.prune_daily_state(day=FRIDAY, now=datetime.now(UTC))

    assert [row.day for row in selectors.totals(bob.pk, FRIDAY, days=2)] == [THURSDAY, FRIDAY]
