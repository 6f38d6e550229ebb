"""Questions about outcomes and effects."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import duckdb
from django.db.models import Avg, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery

from clients.lake import manifest as manifests
from clients.lake.reading import open_lake
from clients.portrait.sources import AsOf
from clients.shared import clock
from kpm.outcomes import spans, stops
from kpm.outcomes.goals import Goal, choice, goal_of
from kpm.outcomes.models import EffectSnapshot, Outcome
from kpm.strategies.models import Hit, HitFeedback, Strategy, StrategyVersion


@dataclass(frozen=True)
class Effect:
    """The newest effect of a version over all branches and in each; nothing counted yet has no snapshot."""

    version: StrategyVersion
    whole: EffectSnapshot | None
    branches: tuple[EffectSnapshot, ...]


def standing() -> QuerySet[Outcome]:
    """Return the outcomes that no later line corrects."""
    return Outcome.objects.filter(corrected_by__isnull=True)


def outcome_of(hit: Hit) -> Outcome | None:
    """Return what came of a hit; None while its window is open."""
    return standing().filter(hit=hit).first()


def measured_hits() -> QuerySet[Hit]:
    """Return delivered hits whose window has closed with a known outcome, the newest window first."""
    known = standing().filter(hit=OuterRef("pk"), value__isnull=False)
    rows = Hit.objects.annotate(window_end=Subquery(known.values("window_end")[:1]))
    shown = rows.filter(delivered_at__isnull=False, window_end__isnull=False)
    return shown.select_related("client", "branch", "strategy", "version", "run").order_by("-window_end", "-pk")


def effects_of(strategy: Strategy) -> list[Effect]:
    """Return the effect of the live version and of every version with outcomes, newest first."""
    rows = EffectSnapshot.objects.filter(version__strategy=strategy, month=None).select_related("branch")
    newest = list(rows.order_by("version_id", "branch_id", "-day").distinct("version_id", "branch_id"))
    shown = Q(pk__in={row.version_id for row in newest}) | Q(pk=strategy.live_version_id)
    versions = StrategyVersion.objects.filter(shown, strategy=strategy).order_by("-number")
    return [_effect(version, [row for row in newest if row.version_id == version.pk]) for version in versions]


def delivered_span(strategy: Strategy) -> tuple[datetime | None, datetime | None]:
    """Return when the first and the last hit of a strategy was delivered; None when nothing was."""
    rows = Hit.objects.filter(strategy=strategy, delivered_at__isnull=False)
    span = rows.aggregate(first=Min("delivered_at"), last=Max("delivered_at"))
    return span["first"], span["last"]


def process_rows(strategy: Strategy, since: datetime) -> list[dict[str, Any]]:
    """Count the delivered hits of a strategy by branch, before and `after` a moment.

    Each row: delivered, answered by the desk, right among these, with a known outcome, with the goal reached, and the
    mean time from finding to delivery.
    """
    answers = HitFeedback.objects.filter(hit=OuterRef("pk"))
    outcomes = standing().filter(hit=OuterRef("pk"), value__isnull=False)
    rows = Hit.objects.filter(strategy=strategy, delivered_at__isnull=False).annotate(after=Q(delivered_at__gte=since))
    counted = rows.values("branch_id", "after").annotate(
        delivered=Count("pk"),
        answered=Count("pk", filter=Exists(answers)),
        right=Count("pk", filter=Exists(answers.filter(verdict="right"))),
        known=Count("pk", filter=Exists(outcomes)),
        reached=Count("pk", filter=Exists(outcomes.filter(value=True))),
        mean=Avg(F("delivered_at") - F("created_at")),
    )
    return [dict(row) for row in counted.order_by("branch_id", "after")]


def _effect(version: StrategyVersion, rows: list[EffectSnapshot]) -> Effect:
    whole = next((row for row in rows if row.branch_id is None), None)
    return Effect(version, whole, tuple(row for row in rows if row.branch_id is not None))


def stopped_early(client_ids: Sequence[int], *, since: date, until: date) -> dict[int, str]:
    """Return why runs from day to day stopped these clients, of whom the record keeps no hit: by the line that came
    furthest; a client whom no run met is not in the answer.
    """
    return stops.furthest(client_ids, since=since, until=until)


def goals_met(hits: Iterable[Hit], *, now: datetime) -> set[int]:
    """Return those of the delivered hits (by their keys) whose goal is reached since the delivery.

    A goal that doing nothing reaches too is judged when its window ends, so it is not met before.
    """
    chosen = {hit.pk: hit for hit in hits if hit.delivered_at}
    goals = {hit.version_id: goal_of(hit.version.goal, "") for hit in chosen.values()}
    goals = {
        pk: goal for pk, goal in goals.items() if goal.condition and not goal.waits and not goal.reached_by_nothing
    }
    asked = [hit for hit in chosen.values() if hit.version_id in goals]
    if not asked or not manifests.days(spans.SETTLED):
        return set()
    with open_lake() as con:
        return _met(con, asked, goals, now)


def _met(con: duckdb.DuckDBPyConnection, hits: list[Hit], goals: dict[int, Goal], now: datetime) -> set[int]:
    columns = ", ".join(f'"{name}" {kind}' for name, kind in spans.COLUMNS.items())
    con.execute(f"CREATE TEMP TABLE spans ({columns})")
    con.executemany(f"INSERT INTO spans VALUES ({', '.join('?' * len(spans.COLUMNS))})", [_span(h, now) for h in hits])
    # Asked in the present, so whatever the lake holds has arrived.
    at = AsOf(clock.shanghai_day(now), datetime.max.replace(tzinfo=UTC))
    features = {name: feature for goal in goals.values() for name, feature in goal.features.items()}
    spans.prepare(con, at)
    spans.provide(con, at, features)
    spans.compute(con, features)
    return {pk for (pk,) in con.execute(f"SELECT hit_id FROM wide WHERE {choice(goals, 'value')}").fetchall()}


def _span(hit: Hit, now: datetime) -> list[object]:
    of, today = hit.version, clock.shanghai_day(now)
    permission = hit.object_key if of.occurrence == "permission" else of.permission_code
    values = (hit.pk, hit.client_id, of.pk, hit.strategy.code, permission, hit.used_on, today, hit.delivered_at, False)
    return list(values)
