"""Judges matched rows gate by gate, set-based, in the transaction that publishes the run."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from django.db.backends.utils import CursorWrapper

from clients.market.calendar import Calendar
from clients.org.pools import MANAGER, team_sql
from kpm.strategies import workdays
from kpm.strategies.contact import HUMAN, TASKS, kind_sql, one_of
from kpm.strategies.gates import GATES
from kpm.strategies.models import Stage, StrategyVersion
from kpm.strategies.occurrences import cooldown_since, default_object
from kpm.strategies.scores import scores
from kpm.strategies.services import limits
from kpm.strategies.services.arbitrate import arbitrate
from kpm.strategies.services.holding import assign
from kpm.strategies.services.stepping import Steps

# `delivered`: an earlier run of this day found the hit and it was delivered since; no gate stops it twice, and its own
# touch does not count against it. `person` is the manager whose work it would be.
WORKING_TABLE = f"""
CREATE TEMP TABLE m ON COMMIT DROP AS
SELECT f.version_id, v.strategy_id, f.client_id, c.branch_id, f.evidence, c.manager_id AS person,
       v.purpose, v.handler, v.action, v.channels, v.suitability_gate,
       v.product_level, v.product_level_from, v.permission_code, v.priority, v.task_after_hours, s.family, s.salt,
       coalesce(f.object_key, p.default_object) AS object_key, p.cooldown_since,
       {kind_sql("v.action")} AS contact_kind,
       CASE WHEN {one_of("v.action", TASKS)} THEN {team_sql("v.handler", "b.code")} ELSE '' END AS pool,
       CASE WHEN v.cooldown_n > 0 AND v.occurrence <> 'year' THEN '@' || %(day)s::text ELSE '' END AS dated,
       f.object_key IS NULL AND p.default_object <> '' AS of_period,
       f.segment, f.prefers, coalesce(own.rate, g.rate, %(goal_rate)s) AS chance,
       coalesce(v.value, worth.value, 0)::float AS worth, v.lever::float AS lever, v.contact_cost::float AS cost,
       NULL::float AS context, NULL::float AS score, NULL::float AS propensity, NULL::jsonb AS refusal,
       NULL::uuid AS uid, NULL::uuid AS own,
       false AS delivered, NULL::text AS occurrence, NULL::date AS first_day, 'treated'::text AS arm,
       ''::text AS verdict, NULL::uuid AS lost_to, false AS would_win, false AS refill, NULL::bigint AS rank,
       1 AS stage, ''::text AS stopped_by
FROM found f
JOIN strategies_strategyversion v ON v.id = f.version_id
JOIN strategies_strategy s ON s.id = v.strategy_id
JOIN periods p ON p.version_id = f.version_id
JOIN register_client c ON c.id = f.client_id
JOIN org_branch b ON b.id = c.branch_id
LEFT JOIN strategies_goalrate g ON g.family = s.family AND g.strategy_id IS NULL
LEFT JOIN strategies_goalrate own ON own.strategy_id = s.id AND own.segment = f.segment AND own.family = s.family
LEFT JOIN worth ON worth.priority = v.priority
"""
# A signal fades while it waits, and the way to him fits what he is best reached by or does not.
CONTEXT = f"""least(greatest(exp((coalesce(h.first_day, %(day)s) - %(day)s) / %(half_life_days)s) * CASE
    WHEN m.prefers IS NULL OR m.contact_kind = '' THEN 1
    WHEN (m.prefers = 'phone') = (m.contact_kind = '{HUMAN}') THEN %(channel_fits)s ELSE %(channel_misfits)s END,
    %(least)s), %(most)s)"""
# A hit that was judged before but not served keeps its key, so that it waits as one hit and not as many.
OCCURRENCES = f"""
UPDATE m SET occurrence = coalesce(h.occurrence, m.object_key || m.dated), first_day = coalesce(h.first_day, %(day)s),
    uid = coalesce(h.uid, gen_random_uuid()), delivered = h.delivered_at IS NOT NULL,
    person = CASE WHEN m.pool LIKE '{MANAGER}:%%' THEN m.person END,
    context = {CONTEXT}, score = m.chance * {CONTEXT} * m.worth * m.lever - m.cost
FROM m AS base LEFT JOIN LATERAL (
    SELECT uid, occurrence, first_day, delivered_at FROM strategies_hit h
    WHERE h.strategy_id = base.strategy_id AND h.client_id = base.client_id AND h.object_key = base.object_key
      AND (h.used_on IS NULL OR h.last_day = %(day)s)
    ORDER BY h.first_day DESC LIMIT 1) h ON TRUE
WHERE m.version_id = base.version_id AND m.client_id = base.client_id AND m.object_key = base.object_key
"""
# Used occurrences are no new need: they leave before the funnel begins (STRATEGY 4, step 1).
DROP_USED = """
DELETE FROM m USING strategies_hit h
WHERE h.strategy_id = m.strategy_id AND h.client_id = m.client_id AND h.occurrence = m.occurrence
  AND h.used_on IS NOT NULL AND (h.last_day <> %(day)s OR NOT %(whole)s)
"""
STOP = """
UPDATE m SET stopped_by = %(reason)s WHERE stage = %(before)s AND stopped_by = '' AND NOT delivered AND ({stops})"""
GO_ON = "UPDATE m SET stage = stage + 1 WHERE stage = %(before)s AND stopped_by = ''"
PERIODS = """
CREATE TEMP TABLE periods ON COMMIT DROP AS
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::date[]) AS given(version_id, default_object, cooldown_since)
"""
# Which versions a run holds back, each with its reason.
Guard = Callable[[CursorWrapper], Iterable[tuple[int, str]]]
# What has to be known when rows stand before a step.
PREPARE = {
    Stage.COOLED_DOWN: limits.silence,
    Stage.UNDER_CAP: limits.rooms,
    Stage.NOT_HELD_OUT: assign,
    Stage.WON_ARBITRATION: arbitrate,
}


def judge(
    cursor: CursorWrapper,
    versions: Iterable[StrategyVersion],
    *,
    day: date,
    now: datetime,
    cal: Calendar,
    whole: bool = True,
    today: bool | None = None,
    until: Stage = Stage.WITHIN_CAPACITY,
    steps: Steps | None = None,
    guard: Guard | None = None,
) -> None:
    """Fill the working table `m` from `found` and move every row as far as the gates let it; counts stay exact.

    No row goes further than `until`. A run that is not `whole` looks at some clients within the day: what was delivered
    to them today is no new need. `guard` says before arbitration which versions are held, each with its reason. What a
    slot of `today` finds is work of that day; unless told, that is so within the day only.
    """
    work_day = _work_day(day, cal, not whole if today is None else today)
    args: dict[str, Any] = {
        "day": day, "now": now, "whole": whole, "goal_rate": scores().goal_rate,
        "work_day": work_day, "work_from": cal.shift(work_day, -1),
        **scores().context, "explored": scores().explored,
        "work_begins": workdays.begins(work_day, cal), "work_ends": workdays.ends(work_day),
    }  # fmt: skip
    cursor.execute("DROP TABLE IF EXISTS m, worth")  # of an earlier run in the same transaction
    periods(cursor, versions, day, cal)
    _worth(cursor)
    limits.prepare(cursor, now, cal)
    cursor.execute(WORKING_TABLE, args)
    cursor.execute("CREATE UNIQUE INDEX ON m (version_id, client_id, object_key)")
    cursor.execute(OCCURRENCES, args)
    cursor.execute(DROP_USED, args)
    cursor.execute("ANALYZE m")
    noted = steps or Steps(None, now)
    for stage in [stage for stage in Stage if Stage.MATCHED < stage <= until]:
        if stage == Stage.WON_ARBITRATION:
            _hold(cursor, guard)
        with noted.doing(stage.name.lower()) as done:
            done.reasons, done.rows_out = step(cursor, stage, {**args, "before": stage - 1})
            done.rows_in = done.rows_out + done.reasons.total()


def _hold(cursor: CursorWrapper, guard: Guard | None) -> None:
    """Write the versions that are held for a person."""
    cursor.execute("DROP TABLE IF EXISTS held; CREATE TEMP TABLE held (version_id bigint, reason text) ON COMMIT DROP")
    for version, reason in guard(cursor) if guard else ():
        cursor.execute("INSERT INTO held VALUES (%s, %s)", [version, reason])


def _work_day(day: date, cal: Calendar, today: bool) -> date:
    """The day whose budget counts: what a night finds is worked on the next trading day, what today brings, today."""
    return day if today and cal.is_open(day) else cal.shift(day, 1)


def step(cursor: CursorWrapper, stage: Stage, args: dict[str, Any]) -> tuple[Counter[str], int]:
    """Let the rows of `m` that stand at `before` go on to `stage`, or stop them by the gates between.

    Returns how many each reason stopped, and how many went on.
    """
    stopped: Counter[str] = Counter()
    if stage in PREPARE:
        PREPARE[stage](cursor, args)
    for gate in (gate for gate in GATES if gate.stage == stage):
        cursor.execute(STOP.format(stops=gate.stops), {**args, "reason": gate.reason})
        stopped[gate.reason] += cursor.rowcount
    cursor.execute(GO_ON, args)
    return +stopped, cursor.rowcount


def _worth(cursor: CursorWrapper) -> None:
    """What a goal is worth when its version does not say: by priority."""
    cursor.execute("CREATE TEMP TABLE worth (priority int, value numeric) ON COMMIT DROP")
    for priority, value in scores().values.items():
        cursor.execute("INSERT INTO worth VALUES (%s, %s)", [priority, value])


def periods(cursor: CursorWrapper, versions: Iterable[StrategyVersion], day: date, cal: Calendar) -> None:
    """Write what depends on the calendar, per version: the default object, and since when a hit is too recent."""
    chosen = list(versions)
    since = [cooldown_since(version, day, cal) for version in chosen]
    objects = [default_object(version.occurrence, day) for version in chosen]
    cursor.execute("DROP TABLE IF EXISTS periods")
    cursor.execute(PERIODS, [[version.pk for version in chosen], objects, since])
