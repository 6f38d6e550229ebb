"""Commission by client and month: sums of what stands, brought up from night to night."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.ledger.models import CommissionMonth
from clients.ledger.services import first_month, sum_commission
from tests import factories as make
from tests.clients.portrait.world import trade

FRIDAY = date(2026, 11, 20)


def kept() -> dict[tuple[str, str], Decimal]:
    """Amounts by client and month."""
    rows = CommissionMonth.objects.values_list("client__name", "month", "amount")
    return {(name, f"{month:%Y-%m}"): amount for name, month, amount in rows}


@pytest.mark.django_db
def test_commission_is_summed_by_client_and_month_and_brought_up() -> None:
    bob, ben = make.client("Bob"), make.client("Ben")
    trade(bob, date(2026, 11, 3), "1", commission=5)
    trade(bob, date(2026, 11, 19), "2", commission=7)
    trade(bob, date(2026, 10, 30), "3", commission=11)
    trade(bob, date(2025, 11, 30), "4", commission=13)
    trade(bob, date(2025, 10, 31), "5", commission=17)
    trade(ben, date(2026, 11, 3), "6")

    first, again = sum_commission(day=FRIDAY), sum_commission(day=FRIDAY)
    trade(ben, date(2026, 11, 20), "7", commission=Decimal("0.50"))
    then = sum_commission(day=FRIDAY)

    assert (first, again, then) == (4, 0, 1)
    assert kept() == {
        ("Bob", "2026-11"): 12, ("Bob", "2026-10"): 11, ("Bob", "2025-11"): 13, ("Ben", "2026-11"): Decimal("0.50"),
    }  # fmt: skip


@pytest.mark.django_db
def test_what_is_taken_back_later_is_taken_off_its_own_month() -> None:
    bob = make.client("Bob")
    trade(bob, date(2026, 9, 1), "1", commission=3)
    trade(bob, date(2026, 10, 30), "1", commission=5)
    trade(bob, date(2026, 10, 30), "2", commission=7)
    sum_commission(day=FRIDAY)
    trade(bob, date(2026, 11, 2), "9", commission=5, reversal_of="1")

    sum_commission(day=FRIDAY)

    assert kept() == {("Bob", "2026-09"): 3, ("Bob", "2026-10"): 7, ("Bob", "2026-11"): 0}


@pytest.mark.django_db
def test_months_that_are_over_for_long_go() -> None:
    trade(make.client("Bob"), date(2026, 11, 3), "1", commission=5)
    sum_commission(day=FRIDAY)

    changed = sum_commission(day=date(2027, 12, 1))

    assert changed == 0
    assert kept() == {}


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), months=st.integers(1, 30))
def test_so_many_months_end_with_that_of_the_day(day: date, months: int) -> None:
    first = first_month(day, months)

    assert first.day == 1
    assert (day.year - first.year) * 12 + day.month - first.month == months - 1
