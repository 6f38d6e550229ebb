"""Each night every running step of a rollout is judged: on, as it is, back, or a person is asked (STRATEGY 8.4)."""

import logging
from datetime import date, datetime

from django.db import transaction

from clients.market.calendar import calendar
from kpm.outcomes.formulas import Arm, Interval
from kpm.outcomes.models import EffectSnapshot
from kpm.outcomes.rollouts import Answer, Facts, Verdict, decide, doubts
from kpm.outcomes.services.answered import Answered, answered
from kpm.strategies.figures import launch
from kpm.strategies.models import (
    Funnel,
    Hit,
    RolloutJudgement,
    RolloutStep,
    Run,
    Stage,
    Strategy,
    StrategyHold,
    StrategyVersion,
)
from kpm.strategies.models.runs import WITHIN_THE_DAY
from kpm.strategies.services.approvals import CannotChange
from kpm.strategies.services.launching import advance, is_eve, take_back
from kpm.strategies.services.places import SPREADING

log = logging.getLogger(__name__)


def judge_rollouts(*, day: date, now: datetime) -> list[RolloutJudgement]:
    """This will judge the running step of every strategy in pilot or rolling out, as of `day`, and do what follows.

    A version is judged once a day, each in a transaction of its own: killed and run again, the night ends the same.
    """
    spreading = Strategy.objects.filter(status__in=SPREADING, pilot_version__isnull=False).order_by("code")
    found = [_judge(pk, day, now) for pk in spreading.values_list("pk", flat=True)]
    return [judgement for judgement in found if judgement is not None]


@transaction.atomic
def _judge(pk: int, day: date, now: datetime) -> RolloutJudgement | None:
    strategy = Strategy.objects.select_for_update().get(pk=pk)
    version = strategy.pilot_version
    if version is None or strategy.status not in SPREADING:  # somebody ended it meanwhile
        return None
    step = version.steps.filter(started_on__isnull=False).order_by("-order").first()
    if step is None or RolloutJudgement.objects.filter(step__version=version, day=day).exists():
        return None
    facts = facts_of(step, day=day, now=now)
    answer, reason = _done(strategy, decide(step, facts, launch()), now)
    loud = log.warning if answer in (Answer.ROLL_BACK, Answer.ASK) else log.info
    loud("%s: %s %s", step, answer, reason)
    return RolloutJudgement.objects.create(
        step=step, day=day, answer=answer, reason=reason, figures=facts.told(step), at=now
    )


def _done(strategy: Strategy, verdict: Verdict, now: datetime) -> Verdict:
    """Do what was concluded; a next step that finds no branch with clients waits."""
    answer, reason = verdict
    if answer == Answer.ROLL_BACK:
        take_back(strategy, by=None, now=now, reason=reason)
    if answer != Answer.ADVANCE:
        return verdict
    try:
        with transaction.atomic():
            advance(strategy, by=None, now=now)
    except CannotChange:
        return Answer.HOLD, "no_branch"
    return verdict


def facts_of(step: RolloutStep, *, day: date, now: datetime) -> Facts:
    """Return what a step has shown up to a day."""
    version, cal = step.version, calendar()
    begun = step.started_on or day
    said = answered([version.pk], until=now).get(version.pk, Answered())
    shown = _shown(version, day)
    unhealthy = shown is not None and shown.state == EffectSnapshot.State.UNHEALTHY
    readable = shown if not unhealthy else None
    return Facts(
        days=max(cal.count(begun, day), 0),
        served=_served(version, begun, day),
        without_room=_without_room(version, day),
        answered=said.n,
        answers={answer: n for answer, n in said.by_answer.items() if answer in launch().guardrails["limits"]},
        effect=_effect(readable) if readable else None,
        unhealthy=unhealthy,
        doubtful=readable is not None and _doubtful(readable),
        held=StrategyHold.objects.filter(version=version, released_at__isnull=True).exists(),
        # What goes on tonight matches for the first time on the next open day.
        eve=is_eve(day, cal) or is_eve(cal.shift(day, 1), cal),
    )


def _served(version: StrategyVersion, begun: date, day: date) -> int:
    rows = Hit.objects.filter(version=version, delivered_at__isnull=False, used_on__range=(begun, day))
    return rows.values("client").distinct().count()


def _without_room(version: StrategyVersion, day: date) -> float:
    """Of the hits that won in the last run over everybody, the share for which nobody had room."""
    runs = Run.objects.filter(state=Run.State.PUBLISHED, day__lte=day, funnel__version=version)
    run = runs.exclude(slot__in=WITHIN_THE_DAY).order_by("-day", "-pk").first()
    rows = Funnel.objects.filter(run=run, version=version)
    won = sum(rows.filter(step=Stage.WON_ARBITRATION, reason="").values_list("n", flat=True))
    full = sum(rows.filter(step=Stage.WITHIN_CAPACITY, reason="no_capacity").values_list("n", flat=True))
    return full / won if won else 0.0


def _shown(version: StrategyVersion, day: date) -> EffectSnapshot | None:
    """The newest line of the effect of a version over everything."""
    rows = EffectSnapshot.objects.filter(version=version, branch=None, month=None, day__lte=day)
    return rows.order_by("-day").first()


def _effect(shown: EffectSnapshot) -> Interval | None:
    """The effect that may be looked at every night, where there are outcomes enough."""
    value, lower, upper = shown.difference, shown.daily_lower, shown.daily_upper
    return None if value is None or lower is None or upper is None else Interval(value, lower, upper)


def _doubtful(shown: EffectSnapshot) -> bool:
    return doubts(Arm(shown.treated_n, shown.treated_x), Arm(shown.held_n, shown.held_x), launch())
