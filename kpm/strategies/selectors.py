"""Questions about strategies, runs and hits."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Sum

from clients.org.models import Branch
from clients.portrait import selectors as portrait
from kpm.engine.match import Counts, Source, count
from kpm.strategies.confining import confined
from kpm.strategies.members import member_of
from kpm.strategies.models import (
    DeliveryOption,
    Funnel,
    Hit,
    HitFeedback,
    RolloutJudgement,
    RolloutStep,
    Run,
    ServiceStop,
    Stage,
    Strategy,
    StrategyHold,
    StrategyVersion,
)

HOLDS_SHOWN = 10


def deliverable() -> QuerySet[Hit]:
    """Return hits within capacity that were not delivered yet, oldest first."""
    waiting = Hit.objects.filter(stage=Stage.WITHIN_CAPACITY, delivered_at__isnull=True, stopped_by="")
    return waiting.select_related("client", "branch", "strategy", "version").order_by("pk")


def live() -> QuerySet[StrategyVersion]:
    """Return the version of each strategy that is live, also where another one is piloted, by code."""
    runs = [Strategy.Status.LIVE, Strategy.Status.PILOT, Strategy.Status.ROLLING]
    rows = StrategyVersion.objects.filter(strategy__status__in=runs, strategy__live_version_id=F("pk"))
    return rows.select_related("strategy").order_by("strategy__code")


def last_night(until: date) -> Run | None:
    """Return the newest published run after a settlement, of a day up to `until`."""
    runs = Run.objects.filter(slot="after_settlement", state=Run.State.PUBLISHED, day__lte=until)
    return runs.order_by("-day").first()


def runs_since(night: Run, until: date) -> list[Run]:
    """Return a night's run and the published runs after it, of days up to `until`."""
    rows = Run.objects.filter(day__gte=night.day, day__lte=until, pk__gte=night.pk, state=Run.State.PUBLISHED)
    return list(rows.order_by("pk"))


def hits_since(client_id: int, runs: Collection[Run]) -> QuerySet[Hit]:
    """Return the hits of a client that these runs judged last, oldest first."""
    return Hit.objects.filter(client=client_id, run__in=runs).order_by("run_id", "pk")


def answered(response: str = "") -> QuerySet[Hit]:
    """Return delivered hits that the desk has answered (with this response, when one is given), newest first."""
    rows = Hit.objects.filter(delivered_at__isnull=False, feedback__isnull=False)
    rows = rows.filter(feedback__response=response) if response else rows
    return rows.select_related("client", "branch", "strategy", "version", "run").order_by("-delivered_at", "-pk")


def responses_to(hit: Hit) -> list[str]:
    """Return what the desk answered about a hit, as codes of responses."""
    return list(HitFeedback.objects.filter(hit=hit).order_by("pk").values_list("response", flat=True))


def path_of(hit: Hit) -> list[dict[str, Any]]:
    """Return how many hits of the same version reached each step of the run that judged a hit, and what stopped others.

    Each row: step, n, and `stopped`, pairs of reason and number.
    """
    rows = Funnel.objects.filter(run=hit.run_id, version=hit.version_id).values("step", "reason").annotate(n=Sum("n"))
    return steps_of(rows.order_by("step", "reason"))


def funnel_table(run: Run) -> list[dict[str, Any]]:
    """Return the funnel of a run over all strategies and branches, step by step; rows as those of `path_of`."""
    rows = Funnel.objects.filter(run=run).values("step", "reason").annotate(n=Sum("n"))
    return steps_of(rows.order_by("step", "reason"))


def funnels_by_strategy(run: Run) -> list[tuple[Strategy, list[dict[str, Any]]]]:
    """Return the funnel of each strategy that meant somebody in a run, by code; rows as those of `path_of`."""
    rows = Funnel.objects.filter(run=run).values("version__strategy_id", "step", "reason").annotate(n=Sum("n"))
    found: dict[int, list[Any]] = {}
    for row in rows.order_by("step", "reason"):
        found.setdefault(row["version__strategy_id"], []).append(row)
    return [(row, steps_of(found[row.pk])) for row in Strategy.objects.filter(pk__in=found).order_by("code")]


def funnels_by_branch(run: Run) -> list[tuple[Branch, list[dict[str, Any]]]]:
    """Return the funnel of each branch whose clients a run meant, by code; rows as those of `path_of`."""
    rows = Funnel.objects.filter(run=run).values("branch_id", "step", "reason").annotate(n=Sum("n"))
    found: dict[int, list[Any]] = {}
    for row in rows.order_by("step", "reason"):
        found.setdefault(row["branch_id"], []).append(row)
    return [(row, steps_of(found[row.pk])) for row in Branch.objects.filter(pk__in=found).order_by("code")]


def steps_of(rows: Iterable[Mapping[str, Any]], *, until: Stage = Stage.DELIVERED) -> list[dict[str, Any]]:
    """Return rows of a funnel (step, reason, n) step by step up to one, as `path_of` does."""
    found = list(rows)
    return [
        {
            "step": Stage(step),
            "n": sum(row["n"] for row in found if row["step"] == step and not row["reason"]),
            "stopped": [(row["reason"], row["n"]) for row in found if row["step"] == step and row["reason"]],
        }
        for step in Stage
        if step <= until
    ]


def hits_before(strategy_id: int, day: date, *, since: date, ever: bool) -> QuerySet[Hit, tuple[Any, ...]]:
    """Return what the hits of a strategy say about a new one on `day`: who, about what, which occurrence, when, used.

    Those that wait, those used after `since`, and with `ever` all that are used. Each row: client, object, occurrence,
    first day, last day, used on, delivered.
    """
    rows = Hit.objects.filter(strategy=strategy_id, first_day__lte=day)
    if not ever:
        rows = rows.filter(Q(used_on__isnull=True) | Q(last_day=day) | Q(used_on__gt=since))
    delivered = Q(delivered_at__isnull=False)
    return rows.values_list(
        "client_id",
        "object_key",
        "occurrence",
        "first_day",
        "last_day",
        "used_on",
        ExpressionWrapper(delivered, output_field=BooleanField()),
    )


def stops_in_force(now: datetime) -> QuerySet[ServiceStop]:
    """Return the stops of service that count at a moment, newest first."""
    rows = ServiceStop.objects.filter(Q(until__isnull=True) | Q(until__gt=now), from_at__lte=now, lift__isnull=True)
    return rows.select_related("branch").order_by("-pk")


def open_holds() -> QuerySet[StrategyHold]:
    """Return what runs held back and nobody has released."""
    return StrategyHold.objects.filter(released_at__isnull=True)


def open_alarms(*, escalated: bool) -> QuerySet[StrategyHold]:
    """Return held risk and regulatory versions that nobody looks into yet, oldest first; all, or the escalated ones."""
    rows = open_holds().filter(due_at__isnull=False, taken_at__isnull=True).select_related("version__strategy")
    return (rows.filter(escalated_at__isnull=False) if escalated else rows).order_by("due_at", "pk")


def holds_of(strategy: Strategy) -> QuerySet[StrategyHold]:
    """Return the last holds of a strategy, what waits for a person first."""
    rows = StrategyHold.objects.filter(version__strategy=strategy).select_related("version__strategy")
    return rows.order_by(F("released_at").desc(nulls_first=True), "-pk")[:HOLDS_SHOWN]


def holds_of_run(run: Run) -> QuerySet[StrategyHold]:
    """Return why a run held versions back: what it found itself, and what was held before and not released yet."""
    kept = Funnel.objects.filter(run=run, reason__in=StrategyHold.Kind.values).values("version")
    still = Q(released_at__isnull=True) | Q(released_at__gt=run.started_at)
    rows = StrategyHold.objects.filter(Q(run=run) | Q(still, version__in=kept, run__lt=run.pk))
    return rows.select_related("version__strategy").order_by("version__strategy__code", "pk")


def waiting_steps() -> int:
    """Return how many rollouts may go on and wait for a person to say so."""
    of = OuterRef("pilot_version")
    begun = RolloutStep.objects.filter(version=of, started_on__isnull=False).order_by("-order")
    newest = RolloutJudgement.objects.filter(step__version=of).order_by("-day", "-pk")
    rows = Strategy.objects.filter(status__in=(Strategy.Status.PILOT, Strategy.Status.ROLLING)).annotate(
        step=Subquery(begun.values("pk")[:1]),
        judged=Subquery(newest.values("step")[:1]),
        answer=Subquery(newest.values("answer")[:1]),
    )
    return rows.filter(answer=RolloutJudgement.Answer.ASK, judged=F("step")).count()


def last_run_of(version: StrategyVersion) -> Run | None:
    """Return the newest published run that found somebody for a version."""
    rows = Run.objects.filter(state=Run.State.PUBLISHED, funnel__version=version)
    return rows.order_by("-day", "-pk").first()


def published_run(day: date, slot: str) -> Run | None:
    """Return the run of a day and slot whose hits count."""
    return Run.objects.filter(day=day, slot=slot, state=Run.State.PUBLISHED).first()


def funnel(run: Run) -> list[dict[str, Any]]:
    """Return the funnel of a run over all branches: strategy, step, reason ("" = reached), n."""
    rows = Funnel.objects.filter(run=run).values("version__strategy__code", "step", "reason").annotate(n=Sum("n"))
    return [dict(row) for row in rows.order_by("version__strategy__code", "step", "reason")]


def delivery_codes(kind: str) -> list[str]:
    """Return the codes of the templates or playbooks that a version may name."""
    return list(DeliveryOption.objects.filter(kind=kind, active=True).order_by("code").values_list("code", flat=True))


def last_matches(slot: str = "after_settlement") -> tuple[date | None, dict[int, int]]:
    """Return the day of the newest published run and how many clients each strategy matched in it, by its id."""
    run = Run.objects.filter(slot=slot, state=Run.State.PUBLISHED).order_by("-day").first()
    if run is None:
        return None, {}
    matched = Funnel.objects.filter(run=run, step=Stage.MATCHED, reason="")
    return run.day, dict(matched.values_list("version__strategy_id").annotate(n=Sum("n")))


def answers(strategy: Strategy) -> dict[str, int]:
    """Return how often the desk answered hits of a strategy, and how often the client was reached and the hit right."""
    rows = HitFeedback.objects.filter(hit__strategy=strategy)
    return rows.aggregate(
        answered=Count("pk"),
        reached=Count("pk", filter=Q(contact="reached")),
        right=Count("pk", filter=Q(verdict="right")),
    )


def preview(version: StrategyVersion, day: date, within: Branch | None = None) -> Counts | None:
    """Return how many clients a version would match on a day, how many not, and how many are unknown.

    Clients of its own branch, where it has one, and of `within`.

    None when the day has no features; kpm.engine.problem.ConditionError when the condition cannot be used.
    """
    if portrait.feature_version(day) is None:
        return None
    with portrait.open_features(day) as (con, relation):
        places = [within, version.strategy.steward_branch]
        return count(Source(con, confined(relation, places)), member_of(version))
