"""Facts shipped with the house: calendars and boards, read once by a migration."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIRST_DAYS = {"SH": date(1990, 12, 19), "SZ": date(1990, 12, 19), "BJ": date(2021, 11, 15), "HK": date(1990, 1, 2)}
CLOSED = {"HK": "closed_hongkong.txt"}  # the others are closed on the days of the mainland
HALF = {"HK": "half_hongkong.txt"}
LAST_CERTAIN = date(2026, 12, 31)
PROVISIONAL_YEARS = 2
# Closed every year whatever the notice says; the moving feasts of a provisional year are unknown.
FIXED_CLOSURES = {(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)}


@dataclass(frozen=True)
class Seed:
    """One calendar day: `number` counts open days from the first one; a closed day carries the last open one's."""

    day: date
    is_open: bool
    half_day: bool
    provisional: bool
    number: int


def days(exchange: str) -> Iterator[Seed]:
    """Yield every calendar day of an exchange, from its first to the end of the provisional years."""
    closed = read_days(CLOSED.get(exchange, "closed_mainland.txt"))
    yield from days_of(FIRST_DAYS[exchange], closed, read_days(HALF[exchange]) if exchange in HALF else set())


def read_days(name: str) -> set[date]:
    """Return the days listed in one of the files beside this module."""
    days = set()
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        year, *marks = line.split() if not line.startswith("#") else [""]
        days |= {date(int(year), int(mark[:2]), int(mark[2:])) for mark in marks}
    return days


def days_of(first: date, closed: set[date], half: set[date]) -> Iterator[Seed]:
    """Yield every calendar day from `first` to the end of the provisional years."""
    number, day = 0, first
    while day.year <= LAST_CERTAIN.year + PROVISIONAL_YEARS:
        provisional = day > LAST_CERTAIN
        shut = (day.month, day.day) in FIXED_CLOSURES if provisional else day in closed
        is_open = day.weekday() < 5 and not shut
        number += is_open
        yield Seed(day, is_open, day in half, provisional, number)
        day += timedelta(days=1)
