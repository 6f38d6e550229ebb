"""Deadlines in service hours: spans of trading days in Shanghai, so that a night or a holiday uses up no time."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.conf import settings

from clients.market.calendar import calendar
from clients.shared import clock


def after_service_hours(start: datetime, hours: float) -> datetime:
    """Return the moment at which `hours` of service have passed since `start` (aware).

    The spans are `settings.SERVICE_SPANS`. Raises clients.market.calendar.OutsideCalendar beyond the calendar.
    """
    left, spans = timedelta(hours=hours), _spans(clock.shanghai_day(start))
    while True:
        opens, closes = next(spans)
        begins = max(opens, start)
        if begins < closes and begins + left <= closes:
            return begins + left
        left -= max(closes - begins, timedelta())


def _spans(day: date) -> Iterator[tuple[datetime, datetime]]:
    """Open spans from `day` on, without end: the calendar says when it knows no further."""
    days = calendar()
    day = day if days.is_open(day) else days.shift(day, 1)
    while True:
        for opens, closes in settings.SERVICE_SPANS:
            yield _at(day, opens), _at(day, closes)
        day = days.shift(day, 1)


def _at(day: date, text: str) -> datetime:
    return clock.at_shanghai(day, time.fromisoformat(text))
