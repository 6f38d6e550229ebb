"""The yearly notice of the exchange, taken over in the admin."""

from typing import Any

import pytest

from clients.market.calendar import calendar
from clients.market.models import TradingDay
from clients.org.models import Role
from tests.clients.shared.test_admin import browser

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/market/tradingday/notice/"


def notice(**changes: Any) -> dict[str, Any]:
    days = "2027-02-08, 2027-02-09 2027-02-10\n2027-02-11、2027-02-12"
    return {"exchanges": ["SH", "SZ"], "year": 2027, "closed": days, "source": "notice 2026-1220", **changes}


def test_a_notice_makes_the_year_certain_on_its_exchanges() -> None:
    answer = browser(Role.ADMINISTRATOR).post(ADDRESS, notice())

    certain = set(TradingDay.objects.filter(day="2027-02-08").values_list("exchange_id", "is_open", "provisional"))
    assert answer.status_code == 302
    assert certain == {("SH", False, False), ("SZ", False, False), ("BJ", True, True), ("HK", True, True)}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closed": "2027-02-08 2027-13-01 tomorrow"}, "closed"),
        ({"closed": "2027-02-08 2028-02-08"}, "closed"),
        ({"year": 2031, "closed": "2031-02-08"}, "year"),
        ({"exchanges": []}, "exchanges"),
        ({"exchanges": ["OTC"]}, "exchanges"),
        ({"source": ""}, "source"),
    ],
)
def test_a_wrong_notice_says_where_and_changes_nothing(changes: dict[str, Any], field: str) -> None:
    answer = browser(Role.ADMINISTRATOR).post(ADDRESS, notice(**changes))

    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not TradingDay.objects.filter(day__year=2027, provisional=False).exists()
    assert calendar().last_certain.year == 2026


@pytest.mark.parametrize("role", [Role.COMPLIANCE, Role.SERVICE_OPS, Role.SUPERVISOR])
def test_the_calendar_is_for_the_administrator(role: str) -> None:
    assert browser(role).post(ADDRESS, notice()).status_code == 403
    assert not TradingDay.objects.filter(day__year=2027, provisional=False).exists()
