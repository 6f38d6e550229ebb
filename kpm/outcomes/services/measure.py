"""Measuring windows that have closed: what each client did, and whether that was the goal. Set-based, once a hit."""

import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from clients.lake.reading import open_lake
from clients.lake.registry import MOMENT
from clients.market.calendar import calendar
from clients.portrait.sources import AsOf
from clients.shared.advisory import Space
from kpm.outcomes import spans
from kpm.outcomes.figures import figures
from kpm.outcomes.goals import Goal, choice, goal_of
from kpm.strategies.models import StrategyVersion

# Hits whose window of natural days is over on the day: not measured yet, or lately enough to be looked at again.
# An occurrence that is used was delivered, or held out among those who would have won.
DUE = """
SELECT h.id, h.client_id, h.version_id, s.code,
    CASE v.occurrence WHEN 'permission' THEN h.object_key ELSE v.permission_code END,
    h.used_on, h.used_on + v.goal_window, NULL,
    EXISTS (SELECT FROM strategies_hitfeedback f WHERE f.hit_id = h.id AND f.at <= %(now)s
        AND (f.contact = 'reached' OR f.verdict = 'already_solved')
        AND (f.at AT TIME ZONE 'Asia/Shanghai')::date <= h.used_on + v.goal_window),
    o.id, o.reason, o.observed_at
FROM strategies_hit h
JOIN strategies_strategyversion v ON v.id = h.version_id
JOIN strategies_strategy s ON s.id = h.strategy_id
LEFT JOIN outcomes_outcome o ON o.hit_id = h.id
    AND NOT EXISTS (SELECT FROM outcomes_outcome c WHERE c.corrects_id = o.id)
WHERE (h.delivered_at IS NOT NULL OR (h.arm = 'held_out' AND h.would_win))
    AND h.used_on + v.goal_window BETWEEN %(day)s::date -
        CASE WHEN o.id IS NULL THEN %(catch_up)s ELSE %(look_again)s END AND %(day)s
"""
DUE_COLUMNS = {**spans.COLUMNS, "outcome_id": "BIGINT", "reason": "VARCHAR", "observed_at": MOMENT}
# A window that would end while the exchanges are closed goes on until they open.
CLOSED = """
CREATE OR REPLACE TEMP TABLE spans AS
SELECT u.* REPLACE (d.day AS until) FROM due AS u ASOF JOIN open_days AS d ON u.until <= d.day WHERE d.day <= ?
"""
# What stands is measured again only where a fact of its window came later: a line that takes back another may lie on
# any later day.
LATE = """
SELECT s.hit_id FROM spans AS s JOIN {table} AS t ON t.client_id = s.client_id
WHERE s.outcome_id IS NOT NULL AND t.day > s.after AND (t.day <= s.until{reversal}) AND t.arrived_at > s.observed_at
"""
RESULT = """
SELECT hit_id, outcome_id, until, CASE WHEN reason = '' THEN value END AS value, metrics, reason FROM (
    SELECT hit_id, outcome_id, until, {value} AS value, {kept} AS metrics,
        CASE WHEN version_id IN ({no_goal}) THEN 'no_goal' WHEN version_id IN ({waits}) THEN 'waits'
            WHEN closed THEN 'closed' WHEN {value} IS NULL THEN 'unknown' ELSE '' END AS reason
    FROM (SELECT * EXCLUDE (reason) FROM wide)
) ORDER BY hit_id
"""
MEASURED = """
CREATE TEMP TABLE measured (hit_id bigint, corrects_id bigint, window_end date, value boolean, metrics jsonb,
    reason text) ON COMMIT DROP
"""
KEEP = """
WITH kept AS (
INSERT INTO outcomes_outcome (hit_id, corrects_id, window_end, value, metrics, reason, observed_at)
SELECT m.hit_id, m.corrects_id, m.window_end, m.value, m.metrics, m.reason, %(now)s
FROM measured m LEFT JOIN outcomes_outcome o ON o.id = m.corrects_id
WHERE o.id IS NULL OR (o.value, o.metrics, o.reason, o.window_end)
    IS DISTINCT FROM (m.value, m.metrics, m.reason, m.window_end)
ORDER BY m.hit_id ON CONFLICT DO NOTHING RETURNING corrects_id)
SELECT count(*) - count(corrects_id), count(corrects_id) FROM kept
"""


@dataclass(frozen=True)
class Measured:
    """How many outcomes were new, and how many corrected one that a late fact had changed."""

    new: int = 0
    corrected: int = 0


@transaction.atomic
def measure(*, day: date, now: datetime) -> Measured:
    """This will write the outcome of every hit whose window has closed on or before `day`, from facts known at `now`.

    Killed anywhere and run again it ends the same; the same facts again write nothing.
    """
    with connection.cursor() as cursor, tempfile.TemporaryDirectory() as folder, open_lake() as con:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [Space.OUTCOMES])
        if not _load(cursor, con, Path(folder) / "due.csv", day, now):
            return Measured()
        goals = _goals(con)
        if not _narrow(con, goals, AsOf(day, now)):
            return Measured()
        file = Path(folder) / "measured.csv"
        con.execute(f"COPY ({_result(goals)}) TO '{file}' (HEADER false, NULLSTR '\\N')")
        return _keep(cursor, file, now)


def _load(cursor: CursorWrapper, con: duckdb.DuckDBPyConnection, file: Path, day: date, now: datetime) -> bool:
    """Bring the hits that are due into DuckDB as `spans`; whether there are any."""
    args = {"day": day, "now": now, "catch_up": figures().catch_up_days, "look_again": figures().look_again_days}
    chosen = cursor.mogrify(DUE, args).decode()
    with file.open("w", encoding="utf-8") as out:
        cursor.copy_expert(f"COPY ({chosen}) TO STDOUT WITH (FORMAT csv, NULL '\\N')", out)
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in DUE_COLUMNS.items())
    con.execute(
        f"CREATE TEMP TABLE due AS SELECT * FROM read_csv('{file}', header = false, nullstr = '\\N', "
        f"auto_detect = false, delim = ',', quote = '\"', escape = '\"', columns = {{{columns}}})"
    )
    con.execute("CREATE TEMP TABLE open_days AS SELECT unnest(?::DATE[]) AS day", [list(calendar().open_days)])
    con.execute(CLOSED, [day])
    return _any(con)


def _any(con: duckdb.DuckDBPyConnection) -> bool:
    return con.execute("SELECT 1 FROM spans LIMIT 1").fetchone() is not None


def _goals(con: duckdb.DuckDBPyConnection) -> dict[int, Goal]:
    ids = [row[0] for row in con.execute("SELECT DISTINCT version_id FROM spans ORDER BY 1").fetchall()]
    rows = StrategyVersion.objects.filter(pk__in=ids).values_list("pk", "goal", "process_outcome")
    return {pk: goal_of(goal, process) for pk, goal, process in rows}


def _narrow(con: duckdb.DuckDBPyConnection, goals: dict[int, Goal], at: AsOf) -> bool:
    """Leave out what stands and no late fact touches, and count the others into `wide`; whether any are left."""
    features = {name: feature for goal in goals.values() for name, feature in goal.features.items()}
    spans.prepare(con, at)
    facts = spans.provide(con, at, features)
    late = " UNION ALL ".join(LATE.format(table=table, reversal=_reversal(table)) for table in sorted(facts))
    filled = ", ".join(str(version) for version, goal in goals.items() if not goal.waits) or "NULL"
    con.execute(
        f"""DELETE FROM spans WHERE outcome_id IS NOT NULL AND hit_id NOT IN ({late or "SELECT -1"})
        AND NOT (reason = 'waits' AND version_id IN ({filled}))"""
    )
    if not _any(con):
        return False
    spans.compute(con, features)
    return True


def _reversal(table: str) -> str:
    return " OR t.reversal_of <> ''" if table in ("trades", "cashflows") else ""


def _result(goals: dict[int, Goal]) -> str:
    return RESULT.format(
        value=choice(goals, "value"),
        kept=choice(goals, "kept"),
        no_goal=_versions(pk for pk, goal in goals.items() if goal.condition is None),
        waits=_versions(pk for pk, goal in goals.items() if goal.waits),
    )


def _versions(ids: Any) -> str:
    return ", ".join(str(pk) for pk in ids) or "NULL"


def _keep(cursor: CursorWrapper, file: Path, now: datetime) -> Measured:
    cursor.execute("DROP TABLE IF EXISTS measured")
    cursor.execute(MEASURED)
    with file.open(encoding="utf-8") as rows:
        cursor.copy_expert("COPY measured FROM STDIN WITH (FORMAT csv, NULL '\\N')", rows)
    cursor.execute(KEEP, {"now": now})
    return Measured(*cursor.fetchone())
