"""How a strategy is judged of which nobody is held out: how often it was right, how soon it came, and what was reached,
before and after its last change, by branch (STRATEGY 7). None of it is an effect.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db.models import Avg, Count, Exists, F, Max, Min, OuterRef, Q

from clients.org.models import Branch
from kpm.outcomes.formulas import Arm
from kpm.outcomes.models import Outcome
from kpm.strategies.models import Hit, HitFeedback, Strategy, VersionEvent

A_DAY = 86_400


@dataclass(frozen=True)
class Process:
    """Of `delivered` hits: how many the desk answered, how many answers said right, how many of the known outcomes
    reached the goal, and the natural days from finding to delivery of all together.
    """

    delivered: int = 0
    answered: int = 0
    right: int = 0
    known: int = 0
    reached: int = 0
    waited: float = 0.0

    @property
    def precision(self) -> Arm:
        """The answers that said right, of all answers."""
        return Arm(self.answered, self.right)

    @property
    def goal(self) -> Arm:
        """The outcomes that reached the goal, of those that are known."""
        return Arm(self.known, self.reached)

    @property
    def days(self) -> float | None:
        """Natural days from finding to delivery, on average; None of nothing."""
        return self.waited / self.delivered if self.delivered else None

    def __add__(self, other: "Process") -> "Process":
        return Process(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


@dataclass(frozen=True)
class Line:
    """One branch (None: all of them) before and after."""

    branch: Branch | None
    before: Process
    after: Process


@dataclass(frozen=True)
class Judged:
    """All branches together first, then each by its code; `since` divides before from after."""

    since: datetime
    lines: tuple[Line, ...]


def judged(strategy: Strategy) -> Judged | None:
    """Return how a strategy was judged; None when nothing of it was ever delivered."""
    since = _since(strategy)
    if since is None:
        return None
    found = _by_branch(strategy, since)
    branches = Branch.objects.filter(pk__in={pk for pk, _after in found}).order_by("code")
    nothing = Process()
    each = [Line(one, found.get((one.pk, False), nothing), found.get((one.pk, True), nothing)) for one in branches]
    whole = Line(None, _sum(line.before for line in each), _sum(line.after for line in each))
    return Judged(since, (whole, *each))


def _sum(several: Iterable[Process]) -> Process:
    return sum(several, Process())


def _since(strategy: Strategy) -> datetime | None:
    """When the live version came, where another one had delivered before; else the middle of what was delivered."""
    rows = Hit.objects.filter(strategy=strategy, delivered_at__isnull=False)
    span = rows.aggregate(first=Min("delivered_at"), last=Max("delivered_at"))
    launched = VersionEvent.objects.filter(version=strategy.live_version_id, kind=VersionEvent.Kind.LAUNCHED)
    newest = launched.aggregate(at=Max("at"))["at"]
    if span["first"] is None or (newest is not None and newest > span["first"]):
        return newest if span["first"] else None
    middle: datetime = span["first"] + (span["last"] - span["first"]) / 2
    return middle


def _by_branch(strategy: Strategy, since: datetime) -> dict[tuple[int, bool], Process]:
    """By branch and whether it was delivered since."""
    answers = HitFeedback.objects.filter(hit=OuterRef("pk"))
    outcomes = Outcome.objects.filter(hit=OuterRef("pk"), corrected_by__isnull=True, value__isnull=False)
    rows = Hit.objects.filter(strategy=strategy, delivered_at__isnull=False).annotate(after=Q(delivered_at__gte=since))
    counted = rows.values("branch_id", "after").annotate(
        delivered=Count("pk"),
        answered=Count("pk", filter=Exists(answers)),
        right=Count("pk", filter=Exists(answers.filter(verdict="right"))),
        known=Count("pk", filter=Exists(outcomes)),
        reached=Count("pk", filter=Exists(outcomes.filter(value=True))),
        mean=Avg(F("delivered_at") - F("created_at")),
    )
    return {(row["branch_id"], row["after"]): _process(row) for row in counted.order_by("branch_id", "after")}


def _process(row: Mapping[str, Any]) -> Process:
    waited = max(row["mean"].total_seconds(), 0) / A_DAY * row["delivered"]
    names = ("delivered", "answered", "right", "known", "reached")
    return Process(**{name: row[name] for name in names}, waited=waited)
