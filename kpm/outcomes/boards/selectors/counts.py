"""Counts of delivered hits by strategy: answered, reached, positive, right or wrong, goal reached. A query each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from kpm.outcomes.figures import figures
from kpm.outcomes.formulas import Arm
from kpm.outcomes.selectors import standing
from kpm.strategies.models import Hit, HitFeedback

REACHED = "reached"


@dataclass(frozen=True)
class Response:
    """Of `delivered` hits: how many the desk answered, reached the client, were met well, and reached the goal.

    Verdicts are counted per hit: `right`; `wrong`, the rule's fault; `stale`, come too late; `data`, the fault of a
    feature and of no threshold. `known` are those with a known outcome.
    """

    delivered: int = 0
    answered: int = 0
    reached: int = 0
    positive: int = 0
    right: int = 0
    wrong: int = 0
    stale: int = 0
    data: int = 0
    known: int = 0
    goal: int = 0

    @property
    def precision(self) -> Arm:
        """The hits that the desk called right, of those that it called right, wrong or stale."""
        return Arm(self.right + self.wrong + self.stale, self.right)

    @property
    def goals(self) -> Arm:
        """The outcomes that reached the goal, of those that are known."""
        return Arm(self.known, self.goal)


def responses(since: datetime, until: datetime, **of: Any) -> dict[int, Response]:
    """Return by strategy what came of the hits that were delivered from a moment to another; `of` narrows the hits."""
    hits = Hit.objects.filter(delivered_at__gte=since, delivered_at__lt=until, **of)
    found: dict[int, dict[str, int]] = {}
    for rows in (_delivered(hits), _answered(hits), _measured(hits)):
        for row in rows:
            found.setdefault(row.pop("strategy"), {}).update(row)
    return {strategy: Response(**counts) for strategy, counts in found.items()}


def _delivered(hits: QuerySet[Hit]) -> list[dict[str, int]]:
    return _plain(hits.values("strategy").annotate(delivered=Count("pk")))


def _answered(hits: QuerySet[Hit]) -> list[dict[str, int]]:
    counted = {name: Count("pk", filter=Q(verdict__in=codes)) for name, codes in figures().verdicts.items()}
    rows = HitFeedback.objects.filter(pk__in=newest(hits)).values(strategy=F("hit__strategy"))
    reached, met = Q(contact=REACHED), Q(response__in=figures().positive_responses)
    return _plain(
        rows.annotate(
            answered=Count("pk"), reached=Count("pk", filter=reached),
            positive=Count("pk", filter=reached & met), **counted,
        )
    )  # fmt: skip


def newest(hits: QuerySet[Hit]) -> QuerySet[Any]:
    """Return the newest answer of the desk to each hit: a later one corrects those before it."""
    return HitFeedback.objects.filter(hit__in=hits).order_by("hit_id", "-pk").distinct("hit_id").values("pk")


def _measured(hits: QuerySet[Hit]) -> list[dict[str, int]]:
    rows = standing().filter(hit__in=hits, value__isnull=False).values(strategy=F("hit__strategy"))
    return _plain(rows.annotate(known=Count("pk"), goal=Count("pk", filter=Q(value=True))))


def _plain(rows: Any) -> list[dict[str, int]]:
    counted: list[Mapping[str, int]] = list(rows.order_by())
    return [dict(row) for row in counted]
