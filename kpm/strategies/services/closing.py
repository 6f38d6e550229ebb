"""The last step of the funnel: every hit within capacity was delivered, ended for a reason, or still waits.

Each ending is a line of its own (`HitEnding`), so the step is counted from lines and checked against step 9. A hit that
waits when a newer run judges it again ends in the older run as `carried_over`, or `need_gone` when nothing matched.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from kpm.strategies.models import Funnel, Hit, HitEnding, Stage

log = logging.getLogger(__name__)
WAITING = "waiting"
# Locked before anything is decided about them: a delivery that holds some of them finishes first, and decides.
WAITING_HITS = """
SELECT id FROM strategies_hit h
WHERE h.stage = %(capacity)s AND h.delivered_at IS NULL AND h.stopped_by = '' AND h.last_day <= %(day)s
  AND h.run_id <> %(run)s AND (%(whole)s OR h.uid IN (SELECT uid FROM m))
ORDER BY id FOR UPDATE
"""
# Hits that an older run left undelivered and that this one takes over, or whose need it finds gone.
HAND_OVER = """
INSERT INTO strategies_hitending (run_id, hit_id, version_id, branch_id, reason, at)
SELECT h.run_id, h.id, h.version_id, h.branch_id,
       CASE WHEN m.uid IS NULL THEN 'need_gone' ELSE 'carried_over' END, %(now)s
FROM strategies_hit h LEFT JOIN m ON m.uid = h.uid
WHERE h.stage = %(capacity)s AND h.delivered_at IS NULL AND h.stopped_by = '' AND h.last_day <= %(day)s
  AND h.run_id <> %(run)s AND (m.uid IS NOT NULL OR h.strategy_id IN (
      SELECT v.strategy_id FROM strategies_strategyversion v WHERE v.id = ANY(%(versions)s))
      AND h.version_id <> ALL(%(unjudged)s))
ON CONFLICT (run_id, hit_id) DO NOTHING RETURNING run_id
"""
# In this run already: delivered earlier today, or judged by a run of a later day, which this older one leaves alone.
ENDED_ALREADY = """
INSERT INTO strategies_hitending (run_id, hit_id, version_id, branch_id, reason, at)
SELECT %(run)s, h.id, m.version_id, m.branch_id, CASE WHEN m.delivered THEN '' ELSE 'later_run' END, %(now)s
FROM m JOIN strategies_hit h ON h.strategy_id = m.strategy_id AND h.client_id = m.client_id
    AND h.occurrence = m.occurrence
WHERE m.stage = %(capacity)s AND (m.delivered OR h.run_id <> %(run)s)
ON CONFLICT (run_id, hit_id) DO NOTHING
"""
COUNT = """
INSERT INTO strategies_funnel (run_id, version_id, branch_id, step, reason, n)
SELECT run_id, version_id, branch_id, %(delivered)s, reason, count(*) FROM (
    SELECT run_id, version_id, branch_id, reason FROM strategies_hitending WHERE run_id = ANY(%(runs)s)
    UNION ALL
    SELECT h.run_id, h.version_id, h.branch_id, %(waiting)s FROM strategies_hit h
    WHERE h.run_id = ANY(%(runs)s) AND h.stage >= %(capacity)s AND NOT EXISTS (
        SELECT FROM strategies_hitending e WHERE e.run_id = h.run_id AND e.hit_id = h.id)) ends
GROUP BY run_id, version_id, branch_id, reason
"""
OPEN = """
SELECT count(*) FROM (
    SELECT run_id, version_id, branch_id FROM strategies_funnel
    WHERE run_id = ANY(%(runs)s) AND (step = %(delivered)s OR step = %(capacity)s AND reason = '')
    GROUP BY 1, 2, 3
    HAVING sum(n) FILTER (WHERE step = %(capacity)s) IS DISTINCT FROM sum(n) FILTER (WHERE step = %(delivered)s)) wrong
"""


class FunnelDoesNotSum(Exception):
    """The funnel of a run disagrees with its rows: the run is not published, or its last step not written."""


def hand_over(cursor: CursorWrapper, args: dict[str, Any]) -> None:
    """This will end, in their older runs, the waiting hits that the new run judges; before it writes its own."""
    cursor.execute(WAITING_HITS, args)
    cursor.execute(HAND_OVER, args)
    args["older"] = sorted({row[0] for row in cursor.fetchall()})


def open_endings(cursor: CursorWrapper, args: dict[str, Any]) -> None:
    """This will begin the last step of the new run, and count anew that of the runs it took hits from."""
    cursor.execute(ENDED_ALREADY, args)
    _count(cursor, [args["run"], *args["older"]])


def end(*, hits: Iterable[Hit], reason: str, now: datetime) -> None:
    """This will keep how hits ended in their runs; "" when delivered. A second ending of a hit changes nothing."""
    lines = [
        HitEnding(run_id=hit.run_id, hit=hit, version_id=hit.version_id, branch_id=hit.branch_id, reason=reason, at=now)
        for hit in hits
    ]
    HitEnding.objects.bulk_create(lines, ignore_conflicts=True)


def count_endings() -> int:
    """This will count step 10 anew in every run where hits waited, each in a transaction of its own; the runs.

    Called after every delivery; a delivery that died before it is made good by the next. A run whose ends are not its
    step 9 is logged and stays as it was; the others go on.
    """
    waiting = Funnel.objects.filter(step=Stage.DELIVERED, reason=WAITING).values_list("run_id", flat=True)
    runs = sorted(set(waiting))
    for run in runs:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                _count(cursor, [run])
        except FunnelDoesNotSum:
            log.exception("the last step of run %s was not counted", run)
    return len(runs)


def _count(cursor: CursorWrapper, runs: list[int]) -> None:
    args: dict[str, Any] = {"runs": runs, "waiting": WAITING}
    args |= {"delivered": Stage.DELIVERED, "capacity": Stage.WITHIN_CAPACITY}
    # Two deliveries may count the same run at once: the second waits for the first.
    cursor.execute("SELECT id FROM strategies_run WHERE id = ANY(%(runs)s) ORDER BY id FOR UPDATE", args)
    cursor.execute("DELETE FROM strategies_funnel WHERE run_id = ANY(%(runs)s) AND step = %(delivered)s", args)
    cursor.execute(COUNT, args)
    cursor.execute(OPEN, args)
    wrong = cursor.fetchone()[0]
    if wrong:
        raise FunnelDoesNotSum(f"{wrong} strategies and branches of runs {runs} end other hits than they had.")
