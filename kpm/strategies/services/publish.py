"""Writes a judged run: hits, the funnel, and the check that the funnel sums to zero difference."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.backends.utils import CursorWrapper

from kpm.strategies.models import Run, Stage
from kpm.strategies.services import closing
from kpm.strategies.services.closing import FunnelDoesNotSum

# Hits past the consent gate stay in the record; the others are counts here and lines in the lake.
KEEP_FROM = Stage.CONSENTED
UPSERT = """
INSERT INTO strategies_hit (uid, strategy_id, version_id, client_id, branch_id, object_key, occurrence, run_id,
    first_day, last_day, evidence, stage, stopped_by, arm, score, rank, would_win, refill, lost_to, pool, person,
    factors, refusal, propensity, used_on, created_at)
SELECT uid, strategy_id, version_id, client_id, branch_id, object_key, occurrence, %(run)s,
    first_day, %(day)s, evidence, stage, stopped_by, arm, score, rank, would_win, refill, lost_to, pool, person,
    jsonb_build_object('p', chance, 'c', context, 'v', worth, 'l', lever, 'cost', cost, 'segment', segment),
    refusal, propensity,
    CASE WHEN stopped_by = 'holdout_strategy' AND would_win THEN %(day)s::date END, %(now)s
FROM m WHERE stage >= %(keep)s AND NOT delivered ORDER BY strategy_id, client_id, occurrence
ON CONFLICT (strategy_id, client_id, occurrence) DO UPDATE SET
    run_id = EXCLUDED.run_id, last_day = EXCLUDED.last_day, version_id = EXCLUDED.version_id,
    branch_id = EXCLUDED.branch_id, evidence = EXCLUDED.evidence, stage = EXCLUDED.stage,
    stopped_by = EXCLUDED.stopped_by, arm = EXCLUDED.arm, score = EXCLUDED.score, rank = EXCLUDED.rank,
    would_win = EXCLUDED.would_win, refill = EXCLUDED.refill, lost_to = EXCLUDED.lost_to,
    pool = EXCLUDED.pool, person = EXCLUDED.person, used_on = EXCLUDED.used_on, factors = EXCLUDED.factors,
    refusal = EXCLUDED.refusal, propensity = EXCLUDED.propensity
WHERE strategies_hit.delivered_at IS NULL AND strategies_hit.last_day <= EXCLUDED.last_day
"""
# A hit that waited and is now stopped so early that no new one would be kept must not wait on.
STOPPED_EARLY = """
UPDATE strategies_hit h SET run_id = %(run)s, last_day = %(day)s, stage = m.stage, stopped_by = m.stopped_by FROM m
WHERE m.uid = h.uid AND m.stage < %(keep)s AND h.delivered_at IS NULL AND h.last_day <= %(day)s
"""
# Delivered earlier today: the hit stays as it was, and is counted in the run that found it again.
FOUND_AGAIN = """
UPDATE strategies_hit h SET run_id = %(run)s FROM m
WHERE m.delivered AND h.uid = m.uid AND h.delivered_at IS NOT NULL
"""
# What was within capacity but is matched no more has lost its reason: it is not delivered late.
WITHDRAW = """
UPDATE strategies_hit h SET stage = %(matched)s, stopped_by = 'need_gone'
WHERE h.stage = %(capacity)s AND h.delivered_at IS NULL AND h.last_day <= %(day)s AND h.run_id <> %(run)s
  AND h.strategy_id IN (SELECT v.strategy_id FROM strategies_strategyversion v WHERE v.id = ANY(%(versions)s))
  AND h.version_id <> ALL(%(unjudged)s)
"""
REACHED = """
INSERT INTO strategies_funnel (run_id, version_id, branch_id, step, reason, n)
SELECT %(run)s, version_id, branch_id, step, '', count(*) FROM m, generate_series(1, %(capacity)s) AS step
WHERE m.stage >= step GROUP BY version_id, branch_id, step"""
STOPPED = """
INSERT INTO strategies_funnel (run_id, version_id, branch_id, step, reason, n)
SELECT %(run)s, version_id, branch_id, stage + 1, stopped_by, count(*) FROM m WHERE stopped_by <> ''
GROUP BY version_id, branch_id, stage, stopped_by"""
# n(step) = n(step + 1) + every reason of step + 1, for each version and branch; counted from the rows, not the funnel.
UNBALANCED = """
WITH steps AS (
    SELECT f.version_id, f.branch_id, f.step,
           sum(n) FILTER (WHERE reason = '') AS reached, coalesce(sum(n) FILTER (WHERE reason <> ''), 0) AS stopped
    FROM strategies_funnel f WHERE f.run_id = %(run)s GROUP BY 1, 2, 3),
rows AS (
    SELECT version_id, branch_id, step, count(*) FILTER (WHERE stage >= step) AS reached,
           count(*) FILTER (WHERE stage = step - 1) AS stopped
    FROM m, generate_series(1, %(capacity)s) AS step GROUP BY 1, 2, 3)
SELECT count(*) FROM rows LEFT JOIN steps USING (version_id, branch_id, step)
WHERE coalesce(steps.reached, 0) <> rows.reached OR coalesce(steps.stopped, 0) <> rows.stopped
"""


class NotRunning(Exception):
    """The run is not running any more, so it must not publish."""


def publish(
    cursor: CursorWrapper,
    run: Run,
    versions: list[int],
    *,
    day: date,
    now: datetime,
    whole: bool = True,
    unjudged: Sequence[int] = (),
) -> int:
    """Write hits and funnel from the working table and publish the run; returns the number of hits kept.

    `versions` were judged for everybody; `unjudged` run too and could not be, so what they found before waits on, also
    where another version of their strategy was judged. A run that is not `whole` looked at some clients only: it takes
    nothing back and stands beside the other runs of its day. Raises NotRunning when the run was declared failed.
    """
    args: dict[str, Any] = {
        "run": run.pk, "day": day, "now": now, "keep": KEEP_FROM, "versions": versions,
        "unjudged": list(unjudged),
        "capacity": Stage.WITHIN_CAPACITY, "matched": Stage.MATCHED, "whole": whole,
    }  # fmt: skip
    closing.hand_over(cursor, args)
    cursor.execute(UPSERT, args)
    kept = cursor.rowcount
    cursor.execute(STOPPED_EARLY, args)
    cursor.execute(FOUND_AGAIN, args)
    cursor.execute(WITHDRAW, args)
    cursor.execute(REACHED, args)
    cursor.execute(STOPPED, args)
    _reconcile(cursor, run, args)
    closing.open_endings(cursor, args)
    if whole:
        Run.objects.filter(day=run.day, slot=run.slot, state=Run.State.PUBLISHED).update(state=Run.State.SUPERSEDED)
    if not Run.objects.filter(pk=run.pk, state=Run.State.RUNNING).update(state=Run.State.PUBLISHED, published_at=now):
        raise NotRunning(f"{run} was declared failed meanwhile; nothing of it is published.")
    return kept


def _reconcile(cursor: CursorWrapper, run: Run, args: dict[str, Any]) -> None:
    cursor.execute(UNBALANCED, args)
    wrong = cursor.fetchone()[0]
    if wrong:
        raise FunnelDoesNotSum(f"{wrong} steps of run {run} disagree with the rows they were counted from.")
