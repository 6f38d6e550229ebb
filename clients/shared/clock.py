"""The clock: stored in UTC, thought in Shanghai. Views and jobs ask `now()` once and hand it down."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def shanghai_day(moment: datetime) -> date:
    """Return the calendar day in Shanghai on which `moment` (aware) falls."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone; give an aware moment")
    return moment.astimezone(SHANGHAI).date()


def at_shanghai(day: date, clock: time) -> datetime:
    """Return the moment at which clocks in Shanghai show `clock` on `day`."""
    return datetime.combine(day, clock, tzinfo=SHANGHAI)
