"""How much what a version matches moves from day to day."""

from collections.abc import Sequence
from datetime import date
from itertools import islice
from statistics import fmean, stdev
from typing import NamedTuple

from clients.lake import manifest as manifests
from clients.portrait.building import TABLE
from kpm.engine.backtest import DAY
from kpm.strategies.backtesting.past import open_rows
from kpm.strategies.models import StrategyVersion

DAYS = 20
FEWEST = 2  # one day has no deviation


class Spread(NamedTuple):
    """Clients matched a day: the mean and the standard deviation over `days` days."""

    mean: float
    deviation: float
    days: int


def spread(version: StrategyVersion, *, until: date, days: int = DAYS) -> Spread | None:
    """Return the mean and the standard deviation of what a version matched on the last stored days up to `until`.

    Days on which a feature that it reads was unknown for everybody do not count; None with fewer than two days left.
    Raises kpm.engine.problem.ConditionError when its texts cannot be used.
    """
    stored = (day for day in reversed(manifests.days(TABLE)) if day <= until)
    counts = matched_a_day(version, sorted(islice(stored, days)))
    if len(counts) < FEWEST:
        return None
    return Spread(fmean(counts.values()), stdev(counts.values()), len(counts))


def matched_a_day(version: StrategyVersion, days: Sequence[date]) -> dict[date, int]:
    """Return how many clients a version matched on each of these days that can be told, by day."""
    with open_rows(version, days) as rows:
        found = rows.con.execute(
            f"""{rows.source.rows([rows.member], rows.source.types(), beside=(DAY,))}
            SELECT {DAY}, count(*) FROM f WHERE {rows.member.where} GROUP BY {DAY}"""
        )
        counts = dict(found.fetchall())
        return {day: counts.get(day, 0) for day in rows.past.read}
