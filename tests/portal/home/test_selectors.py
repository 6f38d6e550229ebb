"""The arithmetic of the client's front page."""

from datetime import date
from decimal import Decimal

import pytest

from clients.ledger.selectors import DayTotal
from clients.org import selectors as org
from portal.home import selectors
from portal.home.selectors import Overview
from tests import factories

DAYS = [date(2026, 11, 19), date(2026, 11, 20)]


def _days(*rows: tuple[int, int]) -> list[DayTotal]:
    """Days with (total in cash, moved)."""
    return [
        DayTotal(day, Decimal(0), Decimal(total), Decimal(0), Decimal(moved))
        for day, (total, moved) in zip(DAYS, rows, strict=False)
    ]


def test_money_brought_in_is_no_gain():
    found = Overview(_days((1000, 0), (1550, 500)), [])

    assert found.change == Decimal(50)
    assert found.change_ratio == Decimal(50) / Decimal(1500)


def test_money_taken_out_is_no_loss():
    found = Overview(_days((1000, 0), (450, -500)), [])

    assert found.change == Decimal(-50)
    assert found.change_ratio == Decimal(-50) / Decimal(1000)


def test_one_day_has_no_change():
    found = Overview(_days((1000, 0)), [])

    assert (found.change, found.change_ratio) == (None, None)


def test_a_first_deposit_has_a_change_but_nothing_to_divide_by_when_it_left_again():
    assert Overview(_days((0, 0), (0, 0)), []).change_ratio is None


@pytest.mark.django_db
def test_before_the_first_settlement_there_is_nothing():
    assert selectors.overview(factories.client()) == Overview([], [])


@pytest.mark.django_db
def test_parts_of_the_total_leave_foreign_currency_out():
    bob = factories.client()
    factories.position(bob, market_value=Decimal(100))
    factories.position(bob, factories.security("510300", name="沪深300ETF", type="etf"), market_value=Decimal(30))
    factories.position(bob, factories.security("900901", name="B", currency="USD"), market_value=Decimal(7))
    factories.cash(bob, 20)

    found = selectors.parts(selectors.overview(bob), "现金")

    assert sorted(found, key=lambda part: -part[1]) == [
        ("股票", Decimal(100)),
        ("ETF", Decimal(30)),
        ("现金", Decimal(20)),
    ]


@pytest.mark.django_db
def test_the_adviser_licence_valid_today_is_named():
    alice = factories.staff(licence="S0000000000001")

    assert org.licence_number(alice, DAYS[0]) == "S0000000000001"
    assert org.licence_number(alice, date(2019, 1, 1)) == ""
    assert org.licence_number(None, DAYS[0]) == ""
