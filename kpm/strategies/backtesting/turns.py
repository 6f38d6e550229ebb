"""The days of a back-test, and for how long a version leaves alone whom it met on each, as its cool-down says."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date

from clients.market.calendar import Calendar
from kpm.engine.backtest import ALWAYS, NEVER_AGAIN, Turn
from kpm.strategies.models import StrategyVersion


def turns_of(version: StrategyVersion, days: Sequence[date], cal: Calendar) -> list[Turn]:
    """Return the trading days `days`, each with the days that a client met on it is left alone, as the night judges.

    Without a cool-down the same object is met once for ever, the client once a trading day or a year where that is how
    often it happens.
    """
    trading = version.cooldown_unit == StrategyVersion.Unit.TRADING_DAYS
    places = [bisect_left(cal.open_days, day) if trading else day.toordinal() for day in days]
    shut = [_shut(version, at, days, places) for at in range(len(days))]
    return [Turn(*one) for one in zip(days, places, shut, strict=True)]


def _shut(version: StrategyVersion, at: int, days: Sequence[date], places: Sequence[int]) -> int:
    if version.occurrence == "year":
        later = (place for day, place in zip(days, places, strict=True) if day.year > days[at].year)
        return max(version.cooldown_n, next(later, NEVER_AGAIN) - places[at])
    if version.cooldown_n:
        return version.cooldown_n
    return ALWAYS if version.occurrence == "trading_day" else NEVER_AGAIN
