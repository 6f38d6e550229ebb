"""The number that is signed: what a version would have found on the newest day with features (STRATEGY 8.3)."""

from datetime import date, datetime
from typing import Any

import duckdb
from django.db import connection, transaction

from clients.market.calendar import calendar
from clients.portrait import selectors as portrait
from kpm.strategies.backtesting.past import CannotTell
from kpm.strategies.backtesting.spreading import Spread, spread
from kpm.strategies.models import Stage, StrategyVersion
from kpm.strategies.services.finding import find
from kpm.strategies.services.judge import judge
from kpm.strategies.services.places import Place, confine, home_of
from kpm.strategies.services.stepping import Steps

REACHED = """
SELECT step, count(*) FROM m, generate_series(1, %(under_cap)s) AS step WHERE m.stage >= step GROUP BY 1 ORDER BY 1
"""
STOPPED = "SELECT stage + 1, stopped_by, count(*) FROM m WHERE stopped_by <> '' GROUP BY 1, 2 ORDER BY 1, 2"
BRANCHES = "SELECT branch_id, count(*) FROM m GROUP BY 1 ORDER BY 1"


def expected_of(version: StrategyVersion, day: date | None, *, now: datetime) -> dict[str, Any]:
    """Return what a version would find on a day: `matched`, `deliveries` (under the caps), the funnel of steps 1 to 6,
    and the clients of each branch. Empty when there are no features.

    It is the very judgement of a run, in a transaction that is taken back.
    """
    if day is None or portrait.feature_version(day) is None:
        return {}
    with transaction.atomic(), connection.cursor() as cursor:
        point = transaction.savepoint()
        try:
            find(cursor, [version], Steps(None, now), day)
            confine(cursor, [Place(version, home_of(version.strategy))])
            judge(cursor, [version], day=day, now=now, cal=calendar(), until=Stage.UNDER_CAP)
            moves = _moves(version, day)
            return {**_counted(cursor, day), "sigma": moves.deviation if moves else None}
        finally:
            transaction.savepoint_rollback(point)


def _moves(version: StrategyVersion, day: date) -> Spread | None:
    """How what it matches moves; None where the days behind cannot be counted."""
    try:
        return spread(version, until=day)
    except (CannotTell, duckdb.Error):
        return None


def _counted(cursor: Any, day: date) -> dict[str, Any]:
    cursor.execute(REACHED, {"under_cap": Stage.UNDER_CAP})
    reached = dict(cursor.fetchall())
    cursor.execute(STOPPED)
    stopped = cursor.fetchall()
    cursor.execute(BRANCHES)
    return {
        "day": day.isoformat(),
        "matched": reached.get(Stage.MATCHED, 0),
        "deliveries": reached.get(Stage.UNDER_CAP, 0),
        "funnel": [
            {
                "step": step,
                "n": reached.get(step, 0),
                "stopped": [[reason, n] for at, reason, n in stopped if at == step],
            }
            for step in range(Stage.MATCHED, Stage.UNDER_CAP + 1)
        ],
        "branches": {str(branch): n for branch, n in cursor.fetchall()},
    }
