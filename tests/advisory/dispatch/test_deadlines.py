"""Service hours: lunch, nights, weekends and holidays use up no time."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from advisory.dispatch.deadlines import after_service_hours
from clients.market.calendar import OutsideCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-20 09:30", 1, "2026-11-20 10:30"),
        ("2026-11-20 11:00", 1, "2026-11-20 13:30"),
        ("2026-11-20 07:00", 2.5, "2026-11-20 11:30"),
        ("2026-11-20 19:30", 1, "2026-11-23 09:30"),
        ("2026-11-21 12:00", 1, "2026-11-23 10:00"),
        ("2026-09-30 19:00", 2, "2026-10-08 10:00"),
        ("2026-11-20 23:00", 24, "2026-11-25 15:30"),
    ],
)
def test_golden_hours(start: str, hours: float, end: str) -> None:
    assert after_service_hours(at(start), hours) == at(end)


@pytest.mark.django_db
def test_beyond_the_calendar_it_says_so() -> None:
    with pytest.raises(OutsideCalendar):
        after_service_hours(at("2028-12-20 10:00"), 500)


class Hours(TestCase):
    """Splitting a wait changes nothing."""

    @settings(max_examples=30, deadline=None)
    @given(st.floats(0.1, 40), st.floats(0.1, 40))
    def test_hours_add_up(self, first: float, second: float) -> None:
        start = at("2026-11-19 10:00")

        through = after_service_hours(after_service_hours(start, first), second)

        assert abs((through - after_service_hours(start, first + second)).total_seconds()) < 1
