"""What a version usually finds, after as many natural days as lie behind this run.

Whoever counts what happened since the last run finds three days of it on a Monday and a week of it after a holiday;
whoever counts how things stand finds as much as ever. Which of the two a version is, its own Mondays tell.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from statistics import median


def usual_count(found: Mapping[date, int], day: date, runs: Sequence[date]) -> float:
    """Return how many clients a version finds as a rule on a day like `day`.

    `found` is what it found on earlier days, at least one of them, and `runs` are the days on which its slot ran. It is
    the median; after a pause it is more by what its earlier pauses added for each day of theirs, at most all of a day.
    """
    pauses = {later: (later - earlier).days for earlier, later in pairwise(sorted({*runs, day}))}
    typical = median(found.values())
    return typical * (1 + _growth(found, pauses) * (pauses.get(day, 1) - 1))


def _growth(found: Mapping[date, int], pauses: Mapping[date, int]) -> float:
    """Which part of a usual day each further day of a pause adds, from 0 to 1; 0 where no earlier pause tells."""
    daily = [n for day, n in found.items() if pauses.get(day) == 1]
    if not daily or not (typical := median(daily)):
        return 0.0
    added = [(n / typical - 1) / (pauses[day] - 1) for day, n in found.items() if pauses.get(day, 1) > 1]
    return min(max(median(added), 0.0), 1.0) if added else 0.0
