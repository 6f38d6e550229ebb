"""Who is held out: of one strategy, and of everything for a while. Drawn once, joined from the tables ever after."""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.backends.utils import CursorWrapper

from kpm.strategies.contact import MAY_BE_STOPPED, one_of
from kpm.strategies.figures import launch
from kpm.strategies.models import Assignment, UniversalDraw, UniversalHoldout

BUCKETS = 10_000
ARMS = """
UPDATE m SET arm = a.arm FROM strategies_assignment a
WHERE a.strategy_id = m.strategy_id AND a.client_id = m.client_id AND m.stage = %(before)s AND m.stopped_by = ''"""
# A version in pilot or rolling out holds out more than it does when it is grown, if it holds out anybody.
UNASSIGNED = """
SELECT DISTINCT m.strategy_id, m.client_id, s.salt,
    CASE WHEN s.pilot_version_id = v.id THEN greatest(v.holdout_pct, CASE s.status
        WHEN 'pilot' THEN %(pilot)s WHEN 'rolling' THEN %(rolling)s ELSE 0 END) ELSE v.holdout_pct END
FROM m
JOIN strategies_strategy s ON s.id = m.strategy_id JOIN strategies_strategyversion v ON v.id = m.version_id
WHERE m.stage = %(before)s AND m.stopped_by = '' AND v.holdout_pct > 0 AND NOT EXISTS (
    SELECT FROM strategies_assignment a WHERE a.strategy_id = m.strategy_id AND a.client_id = m.client_id)
ORDER BY 1, 2"""
UNDRAWN = f"""
SELECT DISTINCT m.client_id, coalesce(before.held, false) FROM m
LEFT JOIN strategies_universalholdout before ON before.client_id = m.client_id AND before.draw_id = %(previous)s
WHERE m.stage = %(before)s AND m.stopped_by = '' AND {one_of("m.purpose", MAY_BE_STOPPED)} AND NOT EXISTS (
    SELECT FROM strategies_universalholdout u WHERE u.draw_id = %(draw)s AND u.client_id = m.client_id)
ORDER BY 1"""


def bucket_of(salt: str, client_id: int) -> int:
    """Return the client's bucket 0–9,999 for a salt: the first 32 bits of SHA-256(salt:client) (STRATEGY 7)."""
    digest = hashlib.sha256(f"{salt}:{client_id}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % BUCKETS


def assign(cursor: CursorWrapper, args: dict[str, Any]) -> None:
    """This will draw an arm for everyone who gets here for the first time, and write everybody's arm into `m`."""
    cursor.execute(UNASSIGNED, {**args, **launch().holdout})
    rows = [_assignment(*row, day=args["day"]) for row in cursor.fetchall()]
    Assignment.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5000)
    cursor.execute(ARMS, args)
    _draw_universally(cursor, args)


def _assignment(strategy_id: int, client_id: int, salt: str, pct: Any, *, day: date) -> Assignment:
    bucket = bucket_of(salt, client_id)
    arm = "held_out" if bucket < pct * 100 else "treated"
    return Assignment(strategy_id=strategy_id, client_id=client_id, arm=arm, bucket=bucket, pct=pct, assigned_on=day)


def _draw_universally(cursor: CursorWrapper, args: dict[str, Any]) -> None:
    """Clients whom the draw of this day has not met yet; who was held out in the one before it rests."""
    draws = list(UniversalDraw.objects.filter(from_day__lte=args["day"]).order_by("-from_day")[:2])
    if not draws or draws[0].to_day < args["day"]:
        return
    previous = draws[1].pk if len(draws) > 1 else None
    cursor.execute(UNDRAWN, {**args, "draw": draws[0].pk, "previous": previous})
    rows = list(_drawn(draws[0], cursor.fetchall()))
    UniversalHoldout.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5000)


def _drawn(draw: UniversalDraw, clients: Iterable[tuple[int, bool]]) -> Iterable[UniversalHoldout]:
    for client_id, rests in clients:
        bucket = bucket_of(draw.salt, client_id)
        held = not rests and bucket < draw.pct * 100
        yield UniversalHoldout(draw=draw, client_id=client_id, bucket=bucket, held=held)
