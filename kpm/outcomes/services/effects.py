"""The effect of each version as of a day, over all branches and in each: a line when its numbers have changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from kpm.outcomes.figures import figures
from kpm.outcomes.formulas import Arm, missing_differs, newcombe, sample_ratio
from kpm.outcomes.goals import goal_of
from kpm.outcomes.models import EffectSnapshot
from kpm.strategies.models import StrategyVersion

# Only hits that would have won with nobody held out are compared: that does not depend on the draw. Refills are none.
COMPARED = """
WITH compared AS (
    SELECT h.version_id, h.branch_id, h.strategy_id, h.client_id, h.first_day, h.arm, o.value
    FROM outcomes_outcome o JOIN strategies_hit h ON h.id = o.hit_id
    WHERE h.would_win AND NOT h.refill AND o.window_end <= %(day)s AND o.reason NOT IN ('no_goal', 'waits')
        AND NOT EXISTS (SELECT FROM outcomes_outcome c WHERE c.corrects_id = o.id))
"""
ARMS = f"""{COMPARED}
SELECT version_id, branch_id, arm, count(value), count(*) FILTER (WHERE value), count(*) - count(value)
FROM compared GROUP BY GROUPING SETS ((version_id, arm), (version_id, branch_id, arm))
"""
# Clients, each once, whose arm was drawn while the version's own percentage held.
DRAWN = f"""{COMPARED}, begun AS (SELECT version_id, min(first_day) AS day FROM compared GROUP BY 1)
SELECT c.version_id, count(DISTINCT c.client_id) FILTER (WHERE c.arm <> 'held_out'),
    count(DISTINCT c.client_id) FILTER (WHERE c.arm = 'held_out'),
    -- the share at which each of them was drawn: a pilot holds out more than what comes after it
    avg(coalesce(a.pct, v.holdout_pct)) / 100
FROM compared c JOIN begun b USING (version_id) JOIN strategies_strategyversion v ON v.id = c.version_id
JOIN strategies_assignment a ON a.strategy_id = c.strategy_id AND a.client_id = c.client_id AND a.assigned_on >= b.day
GROUP BY 1
"""
KEPT = (
    "treated_n", "treated_x", "treated_missing", "held_n", "held_x", "held_missing", "difference", "lower", "upper",
    "state",
)  # fmt: skip
NOBODY = Arm(0, 0)
Place = tuple[int, int | None]  # version, and branch or all


@dataclass(frozen=True)
class Arms:
    """Both arms of a version in a place."""

    treated: Arm = NOBODY
    held: Arm = NOBODY


@dataclass(frozen=True)
class Drawn:
    """Clients by arm, and the share of them that was to be held out when they were drawn; 0 is not known."""

    treated: int = 0
    held: int = 0
    share: float = 0.0


NONE = Drawn()


@transaction.atomic
def snapshot_effects(*, day: date) -> int:
    """This will write the effects that changed, from outcomes whose windows closed up to `day`; how many."""
    found, drawn = _arms(day), _drawn(day)
    rows = StrategyVersion.objects.filter(pk__in={version for version, _branch in found})
    versions = {row.pk: row for row in rows}
    lines = [_line(place, arms, versions[place[0]], drawn.get(place[0], NONE), day) for place, arms in found.items()]
    known = {(row.version_id, row.branch_id): row for row in _newest(day)}
    moved = [line for line in lines if not _same(line, known.get((line.version_id, line.branch_id)))]
    EffectSnapshot.objects.bulk_create(
        moved, update_conflicts=True, unique_fields=["version", "branch", "day"], update_fields=list(KEPT)
    )
    return len(moved)


def state_of(version: StrategyVersion, arms: Arms, drawn: Drawn) -> EffectSnapshot.State:
    """Return how far an effect may be read, the first rule that applies; `drawn` are clients by arm."""
    goal, share = goal_of(version.goal, version.process_outcome), drawn.share or float(version.holdout_pct) / 100
    if goal.condition is None:
        return EffectSnapshot.State.NO_GOAL
    if goal.waits:
        return EffectSnapshot.State.WAITS
    if not share and not arms.held.total:
        return EffectSnapshot.State.NO_HOLDOUT
    uneven = sample_ratio(drawn.treated, drawn.held, share)
    if min(uneven, missing_differs(arms.treated, arms.held)) < figures().unhealthy_p:
        return EffectSnapshot.State.UNHEALTHY
    few = min(arms.treated.n, arms.held.n) < figures().least_outcomes
    return EffectSnapshot.State.COLLECTING if few else EffectSnapshot.State.MEASURED


def _arms(day: date) -> dict[Place, Arms]:
    found: dict[Place, dict[str, Arm]] = {}
    for version, branch, arm, n, x, missing in _rows(ARMS, day):
        found.setdefault((version, branch), {})["held" if arm == "held_out" else "treated"] = Arm(n, x, missing)
    return {place: Arms(**arms) for place, arms in found.items()}


def _drawn(day: date) -> Mapping[int, Drawn]:
    return {version: Drawn(treated, held, float(share)) for version, treated, held, share in _rows(DRAWN, day)}


def _rows(sql: str, day: date) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"day": day})
        return cursor.fetchall()


def _line(place: Place, arms: Arms, version: StrategyVersion, drawn: Drawn, day: date) -> EffectSnapshot:
    interval = newcombe(arms.treated, arms.held)
    return EffectSnapshot(
        version_id=place[0],
        branch_id=place[1],
        day=day,
        treated_n=arms.treated.n,
        treated_x=arms.treated.x,
        treated_missing=arms.treated.missing,
        held_n=arms.held.n,
        held_x=arms.held.x,
        held_missing=arms.held.missing,
        difference=interval.value if interval else None,
        lower=interval.lower if interval else None,
        upper=interval.upper if interval else None,
        state=state_of(version, arms, drawn),
    )


def _newest(day: date) -> list[EffectSnapshot]:
    rows = EffectSnapshot.objects.filter(day__lte=day).order_by("version_id", "branch_id", "-day")
    return list(rows.distinct("version_id", "branch_id"))


def _same(line: EffectSnapshot, known: EffectSnapshot | None) -> bool:
    return known is not None and all(getattr(line, name) == getattr(known, name) for name in KEPT)
