"""Judges matched rows gate by gate, set-based, in the transaction that publishes the run."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.backends.utils import CursorWrapper

from clients.market.calendar import Calendar
from kpm.strategies import caps
from kpm.strategies.gates import GATES
from kpm.strategies.models import Assignment, Stage, StrategyVersion

BUCKETS = 10_000

WORKING_TABLE = """
CREATE TEMP TABLE m ON COMMIT DROP AS
SELECT f.version_id, v.strategy_id, f.client_id, c.branch_id, f.evidence,
       v.purpose, v.handler, v.action, v.suitability_gate, v.product_level_from, v.priority, s.family,
       coalesce(f.object_key, p.default_object) AS object_key, p.cooldown_since,
       CASE v.action WHEN 'reminder' THEN '' WHEN 'task' THEN 'human' WHEN 'task_then_push' THEN 'human' ELSE 'push'
       END AS contact_kind,
       CASE WHEN v.action IN ('task', 'push_then_task', 'task_then_push')
            THEN CASE WHEN v.handler = 'call_centre' THEN 'call_centre' ELSE v.handler || ':' || b.code END
            ELSE '' END AS pool,
       CASE WHEN v.cooldown_n > 0 THEN '@' || %(day)s::text ELSE '' END AS dated,
       NULL::text AS occurrence, NULL::date AS first_day, 'treated'::text AS arm, NULL::bigint AS family_rank,
       NULL::bigint AS pool_rank, NULL::bigint AS capacity, 1 AS stage, ''::text AS stopped_by
FROM found f
JOIN strategies_strategyversion v ON v.id = f.version_id
JOIN strategies_strategy s ON s.id = v.strategy_id
JOIN periods p ON p.version_id = f.version_id
JOIN register_client c ON c.id = f.client_id
JOIN org_branch b ON b.id = c.branch_id
"""
# A hit that was judged before but not served keeps its key, so that it waits as one hit and not as many.
OCCURRENCES = """
UPDATE m SET occurrence = coalesce(h.occurrence, m.object_key || m.dated), first_day = coalesce(h.first_day, %(day)s)
FROM m AS base LEFT JOIN LATERAL (
    SELECT occurrence, first_day FROM strategies_hit h
    WHERE h.strategy_id = base.strategy_id AND h.client_id = base.client_id AND h.object_key = base.object_key
      AND (h.used_on IS NULL OR h.last_day = %(day)s)
    ORDER BY h.first_day DESC LIMIT 1) h ON TRUE
WHERE m.version_id = base.version_id AND m.client_id = base.client_id AND m.object_key = base.object_key
"""
# Used occurrences are no new need: they leave before the funnel begins (STRATEGY 4, step 1).
DROP_USED = """
DELETE FROM m USING strategies_hit h
WHERE h.strategy_id = m.strategy_id AND h.client_id = m.client_id AND h.occurrence = m.occurrence
  AND h.used_on IS NOT NULL AND h.last_day <> %(day)s
"""
RANKS = {
    Stage.WON_ARBITRATION: """
UPDATE m SET family_rank = r.n FROM (
    SELECT version_id, client_id, object_key, row_number() OVER (
        PARTITION BY client_id, family ORDER BY priority, first_day, version_id, object_key) AS n
    FROM m WHERE stage = %(before)s AND stopped_by = '') r
WHERE r.version_id = m.version_id AND r.client_id = m.client_id AND r.object_key = m.object_key""",
    Stage.WITHIN_CAPACITY: """
UPDATE m SET pool_rank = r.n, capacity = b.capacity FROM (
    SELECT version_id, client_id, object_key, pool, row_number() OVER (
        PARTITION BY pool
        ORDER BY purpose NOT IN ('risk', 'regulatory'), priority, first_day, client_id, version_id) AS n
    FROM m WHERE stage = %(before)s AND stopped_by = '' AND pool <> '') r
JOIN strategies_capacitybudget b ON b.pool = r.pool AND b.day = %(day)s
WHERE r.version_id = m.version_id AND r.client_id = m.client_id AND r.object_key = m.object_key""",
}
ARMS = """
UPDATE m SET arm = a.arm FROM strategies_assignment a
WHERE a.strategy_id = m.strategy_id AND a.client_id = m.client_id AND m.stage = %(before)s AND m.stopped_by = ''"""
UNASSIGNED = """
SELECT DISTINCT m.strategy_id, m.client_id, s.salt, v.holdout_pct FROM m
JOIN strategies_strategy s ON s.id = m.strategy_id JOIN strategies_strategyversion v ON v.id = m.version_id
WHERE m.stage = %(before)s AND m.stopped_by = '' AND v.holdout_pct > 0 AND NOT EXISTS (
    SELECT FROM strategies_assignment a WHERE a.strategy_id = m.strategy_id AND a.client_id = m.client_id)
ORDER BY 1, 2"""


def judge(
    cursor: CursorWrapper, versions: Iterable[StrategyVersion], *, day: date, now: datetime, cal: Calendar
) -> None:
    """Fill the working table `m` from `found` and move every row as far as the gates let it; counts stay exact."""
    cursor.execute("DROP TABLE IF EXISTS m, periods, caps")  # of an earlier run in the same transaction
    _periods(cursor, versions, day, cal)
    _caps(cursor, now, cal)
    args: dict[str, Any] = {"day": day, "now": now}
    cursor.execute(WORKING_TABLE, args)
    cursor.execute("CREATE UNIQUE INDEX ON m (version_id, client_id, object_key)")
    cursor.execute(OCCURRENCES, args)
    cursor.execute(DROP_USED, args)
    cursor.execute("ANALYZE m")
    for stage in [stage for stage in Stage if Stage.MATCHED < stage < Stage.DELIVERED]:
        _step(cursor, stage, {**args, "before": stage - 1})


def bucket_of(salt: str, client_id: int) -> int:
    """Return the client's bucket 0–9,999 for a salt: the first 32 bits of SHA-256(salt:client) (STRATEGY 7)."""
    digest = hashlib.sha256(f"{salt}:{client_id}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % BUCKETS


def _step(cursor: CursorWrapper, stage: Stage, args: dict[str, Any]) -> None:
    if stage == Stage.NOT_HELD_OUT:
        _assign(cursor, args)
    if stage in RANKS:
        cursor.execute(RANKS[stage], args)
    for gate in (gate for gate in GATES if gate.stage == stage):
        cursor.execute(
            f"UPDATE m SET stopped_by = %(reason)s WHERE stage = %(before)s AND stopped_by = '' AND ({gate.stops})",
            {**args, "reason": gate.reason},
        )
    cursor.execute("UPDATE m SET stage = stage + 1 WHERE stage = %(before)s AND stopped_by = ''", args)


def _assign(cursor: CursorWrapper, args: dict[str, Any]) -> None:
    """Draw an arm for everyone who gets here for the first time; the table is the truth ever after."""
    cursor.execute(UNASSIGNED, args)
    rows = []
    for strategy_id, client_id, salt, pct in cursor.fetchall():
        bucket = bucket_of(salt, client_id)
        arm = "held_out" if bucket < pct * 100 else "treated"
        rows.append(
            Assignment(strategy_id=strategy_id, client_id=client_id, arm=arm, bucket=bucket, assigned_on=args["day"])
        )
    Assignment.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5000)
    cursor.execute(ARMS, args)


def _periods(cursor: CursorWrapper, versions: Iterable[StrategyVersion], day: date, cal: Calendar) -> None:
    """What depends on the calendar, per version: the default object and the day since which a hit is too recent."""
    cursor.execute(
        "CREATE TEMP TABLE periods (version_id bigint, default_object text, cooldown_since date) ON COMMIT DROP"
    )
    for version in versions:
        cursor.execute(
            "INSERT INTO periods VALUES (%s, %s, %s)",
            [version.pk, _default_object(version.occurrence, day), _cooldown_since(version, day, cal)],
        )


def _default_object(occurrence: str, day: date) -> str:
    if occurrence == "trading_day":
        return day.isoformat()
    return str(day.year) if occurrence == "year" else ""


def _cooldown_since(version: StrategyVersion, day: date, cal: Calendar) -> date:
    if version.cooldown_unit == StrategyVersion.Unit.TRADING_DAYS:
        return cal.shift(day, -version.cooldown_n)
    return date.fromordinal(day.toordinal() - version.cooldown_n)


def _caps(cursor: CursorWrapper, now: datetime, cal: Calendar) -> None:
    """The contact rules in force, as rows that the gate counts against."""
    cursor.execute(
        "CREATE TEMP TABLE caps (purpose text, kind text, most int, since timestamptz, counts text[], channels text[])"
        " ON COMMIT DROP"
    )
    for cap in caps.in_force(now, cal):
        row: list[Any] = [cap.purpose, cap.kind, cap.most, cap.since, cap.counts, cap.channels]
        cursor.execute("INSERT INTO caps VALUES (%s, %s, %s, %s, %s, %s)", row)
