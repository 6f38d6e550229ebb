"""To which day of work a piece of work belongs: a day of work begins on the evening of the trading day before.

What comes up later than that hour is not done on the same day any more, and the people's budgets of the next day are
written then: work that they do not know yet is counted by its hits.
"""

from datetime import date, datetime, time

from django.conf import settings

from clients.market.calendar import Calendar
from clients.shared import clock


def begins(work_day: date, cal: Calendar) -> datetime:
    """Return the moment from which new work is that of a trading day."""
    return ends(cal.shift(work_day, -1))


def ends(work_day: date) -> datetime:
    """Return the moment from which new work is that of the next trading day."""
    return clock.at_shanghai(work_day, time.fromisoformat(settings.WORK_DAY_TURNS))
