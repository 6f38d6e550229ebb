"""What a hit is about when it names no object, whether its key holds its day, since when another is too recent."""

from datetime import date

from clients.market.calendar import Calendar, OutsideCalendar
from kpm.strategies.models import StrategyVersion


def default_object(occurrence: str, day: date) -> str:
    """Return what a hit without an object is about: its day, its year, or just the client."""
    if occurrence == "trading_day":
        return day.isoformat()
    return str(day.year) if occurrence == "year" else ""


def dated(version: StrategyVersion) -> bool:
    """Whether the key of a new hit holds its day, so that the same object comes again after the cool-down."""
    return version.cooldown_n > 0 and version.occurrence != "year"


def cooldown_since(version: StrategyVersion, day: date, cal: Calendar) -> date:
    """Return the day after which a hit that was used is too recent for another one on `day`."""
    if version.cooldown_unit == StrategyVersion.Unit.TRADING_DAYS:
        return _shifted(cal, day, version.cooldown_n)
    return date.fromordinal(day.toordinal() - version.cooldown_n)


def _shifted(cal: Calendar, day: date, back: int) -> date:
    """So many trading days before; before the calendar begins nobody was met, so its beginning is long enough."""
    try:
        return cal.shift(day, -back)
    except OutsideCalendar:
        return cal.first
