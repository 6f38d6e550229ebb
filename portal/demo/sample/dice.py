"""Chance that can be repeated: every part of the sample has its own dice, so a change in one moves no other."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

SATURDAY = 5


def dice(seed: int, *names: object) -> Random:
    """Return the dice of one part of the sample; the same seed and names give the same throws everywhere.

    Callers draw whole numbers only: the C library's logarithms may differ in the last bit between machines.
    """
    return Random("/".join(map(str, (seed, *names))))  # noqa: S311 - sample data, no secret


def weekday_between(rng: Random, first: date, last: date) -> date:
    """Draw a day from `first` to `last`; a weekend moves back to its Friday, or on if that is too early."""
    day = date.fromordinal(rng.randint(first.toordinal(), last.toordinal()))
    back = day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))
    return back if back >= first else back + timedelta(days=3)


def nearest(days: Sequence[date], wanted: date) -> int:
    """Return the index of the trading day nearest to `wanted`, the earlier of two."""
    return min(range(len(days)), key=lambda i: (abs(days[i] - wanted), i))
