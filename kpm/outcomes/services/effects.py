"""The effect of each version as of a day, over all branches and in each: a line when its numbers have changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.db import transaction

from clients.market.calendar import calendar
from clients.shared import clock
from kpm.outcomes.comparing import stratified
from kpm.outcomes.figures import figures
from kpm.outcomes.formulas import Arm, Interval, missing_differs, newcombe, sample_ratio
from kpm.outcomes.goals import goal_of
from kpm.outcomes.models import EffectPlan, EffectSnapshot
from kpm.outcomes.rollouts import crossed
from kpm.outcomes.services import counting, looking
from kpm.outcomes.services.answered import Answered, answered
from kpm.outcomes.services.counting import NONE, Arms, Drawn, Pace, Place
from kpm.outcomes.verdicts import Health, Look, Plan, Shown, daily_interval, days_left, state_of
from kpm.strategies.figures import launch
from kpm.strategies.models import StrategyVersion

State = EffectSnapshot.State
KEPT = (
    "treated_n", "treated_x", "treated_missing", "held_n", "held_x", "held_missing", "difference", "lower", "upper",
    "adjusted", "adjusted_lower", "adjusted_upper", "daily_lower", "daily_upper", "days_left", "faults", "state",
)  # fmt: skip


@dataclass(frozen=True)
class Night:
    """What one night knows of all versions beside their arms."""

    day: date
    plans: Mapping[int, EffectPlan]
    drawn: Mapping[int, Drawn]
    spoilt: Mapping[int, float]
    paces: Mapping[int, Pace]
    answers: Mapping[int, Answered]
    looks: Mapping[int, Look]


@transaction.atomic
def snapshot_effects(*, day: date) -> int:
    """This will write the effects that changed, from outcomes whose windows closed up to `day`; how many.

    A version whose plan has come to a look is looked at first; looks and plans are written once.
    """
    found = counting.arms(day)
    rows = StrategyVersion.objects.filter(pk__in={place.version for place in found})
    versions = {row.pk: row for row in rows.select_related("strategy")}
    night = _night(day, found, versions)
    lines = [_line(place, arms, versions[place.version], night) for place, arms in found.items()]
    known = {Place(row.version_id, row.branch_id, row.month): row for row in _newest(day)}
    moved = [line for line in lines if not _same(line, known.get(Place(line.version_id, line.branch_id, line.month)))]
    EffectSnapshot.objects.bulk_create(
        moved, update_conflicts=True, unique_fields=["version", "branch", "month", "day"], update_fields=list(KEPT)
    )
    return len(moved)


def _night(day: date, found: Mapping[Place, Arms], versions: Mapping[int, StrategyVersion]) -> Night:
    trading_days = [calendar().shift(day, -back) for back in range(figures().pace_days)]
    drawn = counting.drawn(day)
    plans = looking.plans(versions, drawn, day=day)
    wholes = {place.version: arms for place, arms in found.items() if place.whole and place.version in plans}
    looking.look(wholes, plans, day=day)
    return Night(
        day=day,
        plans=plans,
        drawn=drawn,
        spoilt=counting.spoilt(day),
        paces=counting.paces(day, trading_days),
        answers=answered(versions, until=clock.at_shanghai(day, time.max)),
        looks=looking.newest(versions, day=day),
    )


def _line(place: Place, arms: Arms, version: StrategyVersion, night: Night) -> EffectSnapshot:
    interval = newcombe(arms.treated, arms.held)
    within = None if place.month else stratified(arms.groups.values(), least=figures().stratum_least)
    said = _judged(place, arms, version, night)
    return EffectSnapshot(
        version_id=place.version,
        branch_id=place.branch,
        month=place.month,
        day=night.day,
        **_counts("treated", arms.treated),
        **_counts("held", arms.held),
        **_bounds("difference", "", interval),
        **_bounds("adjusted", "adjusted_", within[0] if within else None),
        **said,
    )


def _counts(arm: str, of: Arm) -> dict[str, int]:
    return {f"{arm}_n": of.n, f"{arm}_x": of.x, f"{arm}_missing": of.missing}


def _bounds(name: str, prefix: str, found: Interval | None) -> dict[str, float | None]:
    return {
        name: found.value if found else None,
        f"{prefix}lower": found.lower if found else None,
        f"{prefix}upper": found.upper if found else None,
    }


def _judged(place: Place, arms: Arms, version: StrategyVersion, night: Night) -> dict[str, Any]:
    """What may be said, and why not more: by its plan over everything, by its size alone in a part."""
    drawn = night.drawn.get(place.version, NONE)
    faults = _faults(place, arms, version, night)
    bare = cannot_compare(version, arms, drawn)
    plan = night.plans.get(place.version)
    if bare or not place.whole or plan is None:
        return {"faults": list(faults), "state": bare or _of_a_part(arms, faults)}
    shown = _shown(place, arms, night, faults)
    asked = Plan(plan.mde, plan.sample, plan.min_days)
    daily = daily_interval(asked, shown, figures())
    return {
        "faults": list(faults),
        "state": state_of(asked, shown, figures()),
        "days_left": days_left(asked, shown),
        "daily_lower": daily.lower if daily else None,
        "daily_upper": daily.upper if daily else None,
    }


def _shown(place: Place, arms: Arms, night: Night, faults: tuple[str, ...]) -> Shown:
    pace, said = night.paces[place.version], night.answers.get(place.version, Answered())
    return Shown(
        treated=arms.treated,
        held=arms.held,
        days=max(calendar().count(pace.begun, night.day), 0),
        daily=pace.daily,
        unhealthy=faults,
        crossed=crossed(said.n, said.by_answer, launch().guardrails),
        look=night.looks.get(place.version),
    )


def cannot_compare(version: StrategyVersion, arms: Arms, drawn: Drawn) -> State | None:
    """Return why there is nothing to compare whatever comes, None where there is."""
    goal = goal_of(version.goal, version.process_outcome)
    if goal.condition is None:
        return State.NO_GOAL
    if goal.waits:
        return State.WAITS
    nobody = not _share(version, drawn) and not arms.held.total
    return State.NO_HOLDOUT if nobody else None


def _of_a_part(arms: Arms, faults: tuple[str, ...]) -> State:
    if faults:
        return State.UNHEALTHY
    few = min(arms.treated.n, arms.held.n) < figures().least_outcomes
    return State.COLLECTING if few else State.MEASURED


def _faults(place: Place, arms: Arms, version: StrategyVersion, night: Night) -> tuple[str, ...]:
    """What stands against comparing; the draw is of the whole version, so it stands against its parts too."""
    drawn = night.drawn.get(place.version, NONE)
    chances = {
        "sample_ratio": sample_ratio(drawn.treated, drawn.held, _share(version, drawn)),
        "missing": missing_differs(arms.treated, arms.held),
    }
    return Health(chances, night.spoilt.get(place.version, 0.0)).faults(figures())


def _share(version: StrategyVersion, drawn: Drawn) -> float:
    return drawn.share or float(version.holdout_pct) / 100


def _newest(day: date) -> list[EffectSnapshot]:
    rows = EffectSnapshot.objects.filter(day__lte=day).order_by("version_id", "branch_id", "month", "-day")
    return list(rows.distinct("version_id", "branch_id", "month"))


def _same(line: EffectSnapshot, known: EffectSnapshot | None) -> bool:
    return known is not None and all(getattr(line, name) == getattr(known, name) for name in KEPT)
