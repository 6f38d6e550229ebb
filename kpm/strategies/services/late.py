"""What speaks against hits at the moment of their delivery: the gates of the funnel once more, as facts may have moved.

    stopped_now(hits=hits, now=now)   -> {uid: reason}, all gates from the account to the caps, for a whole batch
    stopped_since(hits=[hit], now=now) -> the same for what a delivery of this transaction can have changed

The caller holds the clients' locks and a transaction. Hits that nothing stops are not in the answer.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from clients.market.calendar import calendar
from clients.shared import clock
from kpm.strategies.contact import kind_sql
from kpm.strategies.models import Hit, Stage
from kpm.strategies.occurrences import default_object
from kpm.strategies.services import limits
from kpm.strategies.services.judge import periods, step

# `own`: the hit whose message is out already, and which is therefore not counted against the task that follows it. What
# the caller has handed out in this transaction (`report_tasks`) is counted against all others.
WORKING_TABLE = f"""
CREATE TEMP TABLE m ON COMMIT DROP AS
SELECT h.uid, h.strategy_id, h.client_id, h.object_key, h.occurrence, h.evidence, s.family, p.cooldown_since,
       v.purpose, v.handler, v.channels, v.suitability_gate, v.product_level, v.product_level_from, v.permission_code,
       {kind_sql("coalesce(nullif(%(contact)s, ''), v.action)")} AS contact_kind, given.of_period,
       CASE WHEN h.delivered_at IS NOT NULL THEN h.uid END AS own, false AS delivered,
       %(before)s::int AS stage, ''::text AS stopped_by
FROM unnest(%(uids)s::uuid[], %(of_period)s::bool[]) AS given(uid, of_period)
JOIN strategies_hit h ON h.uid = given.uid
JOIN strategies_strategyversion v ON v.id = h.version_id
JOIN strategies_strategy s ON s.id = h.strategy_id
JOIN periods p ON p.version_id = h.version_id
"""
STOPPED = "SELECT uid, stopped_by FROM m WHERE stopped_by <> ''"
AT_DELIVERY = (Stage.ELIGIBLE, Stage.CONSENTED, Stage.SUITABLE, Stage.COOLED_DOWN, Stage.UNDER_CAP)
MOVED_BY_DELIVERIES = (Stage.COOLED_DOWN, Stage.UNDER_CAP)
# As a delivery says them: what the funnel of the night had let through.
LATE = {"no_consent": "late_consent", "cap_client": "late_cap"}


def stopped_now(*, hits: Sequence[Hit], now: datetime, contact: str = "") -> dict[uuid.UUID, str]:
    """Return why some of these hits may not reach their clients at `now`.

    `contact` is the action that is about to happen when it is not the version's first one.
    """
    with connection.cursor() as cursor:
        limits.prepare(cursor, now, calendar())
        return _judged(cursor, hits, now, contact, AT_DELIVERY)


def stopped_since(*, hits: Sequence[Hit], now: datetime, contact: str = "") -> dict[uuid.UUID, str]:
    """Return the same of hits that `stopped_now` let through in this transaction: only cool-down and caps are asked."""
    with connection.cursor() as cursor:
        return _judged(cursor, hits, now, contact, MOVED_BY_DELIVERIES)


def _judged(
    cursor: CursorWrapper, hits: Sequence[Hit], now: datetime, contact: str, stages: Sequence[Stage]
) -> dict[uuid.UUID, str]:
    args: dict[str, Any] = {"day": clock.shanghai_day(now), "now": now, "contact": contact, "before": stages[0] - 1}
    args |= {"uids": [str(hit.uid) for hit in hits], "of_period": [_of_period(hit) for hit in hits]}
    periods(cursor, {hit.version for hit in hits}, args["day"], calendar())
    cursor.execute("DROP TABLE IF EXISTS m")
    cursor.execute(WORKING_TABLE, args)
    for stage in stages:
        step(cursor, stage, {**args, "before": stage - 1})
    cursor.execute(STOPPED)
    return {uid: LATE.get(reason, reason) for uid, reason in cursor.fetchall()}


def _of_period(hit: Hit) -> bool:
    """Whether the hit is about its day or year, not about an object."""
    return bool(hit.object_key) and hit.object_key == default_object(hit.version.occurrence, hit.last_day)
