"""The trading calendar: certain rows, then two provisional years, and nothing outside.

Deadlines, schedules and caps may use provisional days; settlement imports, features and statistics ask with
`certain=True` and are refused there. A day outside the table raises, because a silent guess would move due dates.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.db import transaction

from clients.market.models import TradingDay
from clients.market.seeds import FIXED_CLOSURES, PROVISIONAL_YEARS, days
from clients.shared import clock, live
from clients.shared.models import Channel

MAINLAND = "SH"
SETTLED_FROM = time(18)  # before this hour the settlement files of the day cannot be there
_given: ContextVar["Calendar | None"] = ContextVar("calendar", default=None)


class OutsideCalendar(Exception):
    """The calendar does not know this day; the yearly notice of the exchange has to be imported."""


class ProvisionalDay(Exception):
    """The day is a guess, and facts must not rest on it."""


@dataclass(frozen=True)
class Calendar:
    """Open days of one exchange, ascending, and the range the table covers."""

    exchange: str
    open_days: tuple[date, ...]
    first: date
    last: date
    last_certain: date

    def is_open(self, day: date, *, certain: bool = False) -> bool:
        """Whether the exchange trades on `day`."""
        self._check(day, certain)
        at = bisect_left(self.open_days, day)
        return at < len(self.open_days) and self.open_days[at] == day

    def last_open(self, day: date, *, certain: bool = False) -> date:
        """Return `day` if open, else the last open day before it."""
        self._check(day, certain)
        at = bisect_right(self.open_days, day)
        if not at:
            raise OutsideCalendar(f"{self.exchange} has no trading day on or before {day}.")
        return self.open_days[at - 1]

    def shift(self, day: date, n: int, *, certain: bool = False) -> date:
        """Return the n-th open day after `day` (n > 0) or before it (n < 0); 0 is `last_open`."""
        if n == 0:
            return self.last_open(day, certain=certain)
        self._check(day, certain)
        at = bisect_right(self.open_days, day) + n - 1 if n > 0 else bisect_left(self.open_days, day) + n
        if not 0 <= at < len(self.open_days):
            raise OutsideCalendar(f"{n} trading days from {day} lie outside the calendar of {self.exchange}.")
        found = self.open_days[at]
        self._check(found, certain)
        return found

    def count(self, after: date, until: date) -> int:
        """Return how many open days lie in (after, until]; negative when `until` is earlier."""
        self._check(after, False)
        self._check(until, False)
        return bisect_right(self.open_days, until) - bisect_right(self.open_days, after)

    def window(self, until: date, n: int) -> list[date]:
        """Return the last n open days up to and including `until`, ascending; fewer at the beginning of the table."""
        self._check(until, False)
        at = bisect_right(self.open_days, until)
        return list(self.open_days[max(0, at - n) : at])

    def _check(self, day: date, certain: bool) -> None:
        if not self.first <= day <= self.last:
            raise OutsideCalendar(
                f"The calendar of {self.exchange} covers {self.first} to {self.last}; {day} lies outside. "
                "Import the exchange's notice for that year."
            )
        if certain and day > self.last_certain:
            raise ProvisionalDay(
                f"{day} is only provisional in the calendar of {self.exchange} (certain to {self.last_certain})."
            )


def calendar(exchange: str = MAINLAND) -> Calendar:
    """Return the calendar of an exchange; one small query tells whether the kept one is still current."""
    if (given := _given.get()) and given.exchange == exchange:
        return given
    channel = Channel.objects.filter(name=_channel(exchange)).values_list("version", flat=True).first()
    return _load(exchange, channel or 0)


def seeded(exchange: str = MAINLAND) -> Calendar:
    """Return the calendar that an installation begins with, without asking the database."""
    return _made(exchange, [(seed.day, seed.is_open, seed.provisional) for seed in days(exchange)])


@contextmanager
def going_by(given: Calendar) -> Iterator[None]:
    """Let `calendar` answer with this one for its exchange while the block runs, without asking the database."""
    token = _given.set(given)
    try:
        yield
    finally:
        _given.reset(token)


def last_trading_day(now: datetime) -> date:
    """Return the last certain trading day that is settled at `now`: today counts from SETTLED_FROM on.

    In a year that no notice covers yet this is the last day of the year before, so the house goes on working.
    """
    cal = calendar()
    today = clock.shanghai_day(now)
    settled = today if now >= clock.at_shanghai(today, SETTLED_FROM) else today - timedelta(days=1)
    return cal.last_open(min(settled, cal.last_certain), certain=True)


@transaction.atomic
def replace_year(*, exchange: str, year: int, closed: set[date], source: str) -> int:
    """This will make a year certain by the exchange's notice (its closed weekdays); the number of changed days.

    Two provisional years follow it again. Running numbers of all later days move along; every process reads the new
    calendar at its next question.
    """
    known = TradingDay.objects.filter(exchange=exchange)
    if not known.filter(day__year=year).exists():
        raise OutsideCalendar(f"The calendar of {exchange} has no rows for {year}.")
    _lengthen(exchange, until=year + PROVISIONAL_YEARS)
    rows = list(known.select_for_update().filter(day__year__gte=year).order_by("day"))
    before = known.filter(day__lt=rows[0].day).order_by("-day").first()
    changed = sum([_settle(row, closed, source) for row in rows if row.day.year == year])
    number = before.number if before else 0
    for row in rows:
        number += row.is_open
        row.number = number
    TradingDay.objects.bulk_update(rows, ["is_open", "provisional", "source", "number"], batch_size=2000)
    live.bump(_channel(exchange))
    return changed


def _settle(row: TradingDay, closed: set[date], source: str) -> bool:
    """Make one day certain; whether that changed it."""
    was_open = row.is_open
    row.is_open, row.provisional, row.source = row.day.weekday() < 5 and row.day not in closed, False, source
    return row.is_open != was_open


def _lengthen(exchange: str, *, until: int) -> None:
    """Add provisional days to the end of the year `until`; their numbers follow with the others."""
    day = TradingDay.objects.filter(exchange=exchange).latest("day").day + timedelta(days=1)
    rows = []
    while day.year <= until:
        is_open = day.weekday() < 5 and (day.month, day.day) not in FIXED_CLOSURES
        rows.append(TradingDay(exchange_id=exchange, day=day, is_open=is_open, provisional=True, number=0))
        day += timedelta(days=1)
    TradingDay.objects.bulk_create(rows, batch_size=2000)


def _channel(exchange: str) -> str:
    return f"calendar:{exchange}"


@lru_cache(maxsize=16)
def _load(exchange: str, version: int) -> Calendar:
    rows = list(
        TradingDay.objects.filter(exchange=exchange).order_by("day").values_list("day", "is_open", "provisional")
    )
    if not rows:
        raise OutsideCalendar(f"There is no calendar for {exchange}.")
    return _made(exchange, rows)


def _made(exchange: str, rows: Sequence[tuple[date, bool, bool]]) -> Calendar:
    """From (day, open, provisional), ascending."""
    # Up to the first guess: a later year may be certain before the one in between.
    first_guess = next((day for day, _open, provisional in rows if provisional), rows[-1][0] + timedelta(days=1))
    return Calendar(
        exchange=exchange,
        open_days=tuple(day for day, is_open, _provisional in rows if is_open),
        first=rows[0][0],
        last=rows[-1][0],
        last_certain=first_guess - timedelta(days=1),
    )
