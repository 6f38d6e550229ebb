"""Plans of measuring, fixed on a version's first night, and the planned looks at them (STRATEGY 9.2)."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from django.db.models import Q

from kpm.outcomes.comparing import at_limit, discoveries, p_value, sample, stratified
from kpm.outcomes.figures import figures
from kpm.outcomes.formulas import Interval
from kpm.outcomes.models import EffectLook, EffectPlan
from kpm.outcomes.services.counting import NONE, Arms, Drawn
from kpm.outcomes.verdicts import Look, Plan, due
from kpm.strategies.models import GoalRate, StrategyVersion
from kpm.strategies.scores import scores


def plans(versions: Mapping[int, StrategyVersion], drawn: Mapping[int, Drawn], *, day: date) -> dict[int, EffectPlan]:
    """This will fix the plan of every version that holds out and has none, and return all plans.

    The rate expected of the held out is that of the version's family as known on the day, never that of its own arms.
    """
    new = [row for pk, row in versions.items() if _share(row, drawn.get(pk, NONE)) > 0]
    rates = dict(GoalRate.objects.filter(strategy=None).values_list("family", "rate"))
    rows = [_plan(row, _share(row, drawn.get(row.pk, NONE)), _rate(row, rates), day) for row in new]
    EffectPlan.objects.bulk_create(rows, ignore_conflicts=True)
    return {row.version_id: row for row in EffectPlan.objects.filter(version__in=versions)}


def _share(version: StrategyVersion, drawn: Drawn) -> float:
    return drawn.share or float(version.holdout_pct) / 100


def _rate(version: StrategyVersion, rates: Mapping[str, float]) -> float:
    return rates.get(version.strategy.family, scores().goal_rate)


def _plan(version: StrategyVersion, share: float, base: float, day: date) -> EffectPlan:
    known = figures().plan
    return EffectPlan(
        version=version,
        mde=known["mde"],
        base=base,
        held_share=share,
        sample=sample(base, known["mde"], share),
        min_days=int(known["min_days"]),
        made_on=day,
    )


def look(arms: Mapping[int, Arms], plans: Mapping[int, EffectPlan], *, day: date) -> None:
    """This will write the look that a version has come to, once each; the difference is that within groups."""
    done = {row.version_id: row.share for row in _newest(arms, day)}
    rows = [_look(pk, of, plans[pk], done.get(pk, 0.0), day) for pk, of in arms.items()]
    EffectLook.objects.bulk_create([row for row in rows if row], ignore_conflicts=True)


def _look(version: int, arms: Arms, plan: EffectPlan, done: float, day: date) -> EffectLook | None:
    n, limits = arms.treated.n + arms.held.n, figures().looks
    share = due(Plan(plan.mde, plan.sample, plan.min_days), n, done, limits)
    within = stratified(arms.groups.values(), least=figures().stratum_least)
    if share is None or within is None:
        return None
    found = at_limit(*within, limits[share])
    return EffectLook(
        version_id=version,
        share=share,
        day=day,
        n=n,
        difference=found.value,
        lower=found.lower,
        upper=found.upper,
        p=p_value(*within),
    )


def newest(versions: Iterable[int], *, day: date) -> dict[int, Look]:
    """Return the newest look at each version, and whether it stays among all that were looked at in its month."""
    rows = _newest(versions, day)
    kept = {month: _kept(month, day) for month in {row.day.replace(day=1) for row in rows}}
    return {
        row.version_id: Look(
            row.share, Interval(row.difference, row.lower, row.upper), row.version_id in kept[row.day.replace(day=1)]
        )
        for row in rows
    }


def _kept(month: date, day: date) -> set[int]:
    """The versions whose looks of a month stay: of each its last one in it."""
    following = (month + timedelta(days=32)).replace(day=1)
    within = EffectLook.objects.filter(Q(day__gte=month, day__lt=following, day__lte=day))
    rows = within.order_by("version_id", "-share").distinct("version_id")
    return discoveries({row.version_id: row.p for row in rows}, figures().false_discoveries)


def _newest(versions: Iterable[int], day: date) -> list[EffectLook]:
    rows = EffectLook.objects.filter(version__in=list(versions), day__lte=day)
    return list(rows.order_by("version_id", "-share").distinct("version_id"))
