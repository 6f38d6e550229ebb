"""How often a back-tested version's goal was reached after the days on which it would have hit, and otherwise.

Nobody was contacted because of these hits, so the two rates say whom the condition finds and never what a contact does.
The goal looks forward from each day; windows that are still open, and clients who closed their accounts, do not count.
"""

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb

from clients.lake import manifest as manifests
from clients.lake.reading import open_lake
from clients.market.calendar import calendar
from clients.portrait.sources import AsOf
from clients.shared import clock
from kpm.outcomes import spans
from kpm.outcomes.formulas import Arm, wilson
from kpm.outcomes.goals import Goal, choice, goal_of
from kpm.strategies.backtesting.services import as_asked
from kpm.strategies.models import BackTest, StrategyVersion

COUNT = """
SELECT hit_id > 0, count(*) FILTER (NOT closed AND {value} IS NOT NULL), count(*) FILTER (NOT closed AND {value})
FROM wide GROUP BY ALL
"""


def write_base_rate(*, test: BackTest, now: datetime) -> None:
    """This will fill `goal` of a back-test from its sample; the same facts again give the same."""
    version = as_asked(test)
    goal = goal_of(version.goal, "")
    if goal.condition is None or goal.waits or version.goal_window is None:
        said: dict[str, Any] = {"reason": "waits" if goal.waits else "no_goal"}
    else:
        said = _rates(test, version, goal, now)
    BackTest.objects.filter(pk=test.pk).update(goal=said)


def _rates(test: BackTest, version: StrategyVersion, goal: Goal, now: datetime) -> dict[str, Any]:
    settled = [day for day in manifests.days(spans.SETTLED) if day <= clock.shanghai_day(now)]
    rows = [_span(number, row, version) for number, row in enumerate(test.sample, start=1)]
    closed = [row for row in rows if settled and row[5] <= settled[-1]]
    counts = _counts(closed, goal, now, version.pk) if closed else {}
    return {
        "window": version.goal_window,
        "open": len(rows) - len(closed),
        "hits": _rate(counts.get(True, (0, 0))),
        "others": _rate(counts.get(False, (0, 0))),
    }


def _span(number: int, row: list[Any], version: StrategyVersion) -> list[Any]:
    """A window as the metrics read it, its end on an open day; hits have positive numbers, the others negative ones."""
    day, client, hit = row
    after = date.fromisoformat(day)
    until = _open_from(after + timedelta(days=version.goal_window or 0))
    number = number if hit else -number
    return [number, client, version.pk, after, version.permission_code, until, False, version.strategy.code]


def _open_from(day: date) -> date:
    """The day itself when the exchange trades, else the next open day: so windows of hits end too."""
    days = calendar().open_days
    return days[bisect_left(days, day)]


def _counts(rows: list[list[Any]], goal: Goal, now: datetime, version: int) -> dict[bool, tuple[int, int]]:
    """How many of the hits and of the others are known, and how many of these reached the goal."""
    with open_lake() as con:
        _write(con, rows)
        # Asked in the present, so whatever the lake holds has arrived.
        at = AsOf(clock.shanghai_day(now), datetime.max.replace(tzinfo=UTC))
        spans.prepare(con, at)
        spans.provide(con, at, goal.features)
        spans.compute(con, goal.features)
        found = con.execute(COUNT.format(value=choice({version: goal}, "value"))).fetchall()
    return {hit: (known, reached) for hit, known, reached in found}


def _write(con: duckdb.DuckDBPyConnection, rows: list[list[Any]]) -> None:
    columns = ", ".join(f'"{name}" {kind}' for name, kind in spans.COLUMNS.items())
    con.execute(f"CREATE TEMP TABLE spans ({columns})")
    con.executemany(
        """INSERT INTO spans (hit_id, client_id, version_id, "after", permission, until, contacted, strategy)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        rows,
    )


def _rate(counts: tuple[int, int]) -> dict[str, Any]:
    known, reached = counts
    found = wilson(Arm(n=known, x=reached))
    bounds = [round(found.lower, 4), round(found.upper, 4)] if found else None
    return {"n": known, "reached": reached, "rate": round(reached / known, 4) if known else None, "bounds": bounds}
