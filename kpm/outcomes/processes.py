"""How a strategy is judged of which nobody is held out: how often it was right, how soon it came, and what was reached,
before and after its last change, by branch (STRATEGY 7). None of it is an effect.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db.models import Max

from clients.org.models import Branch
from kpm.outcomes import selectors
from kpm.outcomes.formulas import Arm
from kpm.strategies.models import Strategy, VersionEvent

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
    first, last = selectors.delivered_span(strategy)
    if first is None or last is None:
        return None
    launched = VersionEvent.objects.filter(version=strategy.live_version_id, kind=VersionEvent.Kind.LAUNCHED)
    newest: datetime | None = launched.aggregate(at=Max("at"))["at"]
    return newest if newest is not None and newest > first else first + (last - first) / 2


def _by_branch(strategy: Strategy, since: datetime) -> dict[tuple[int, bool], Process]:
    """By branch and whether it was delivered since."""
    return {(row["branch_id"], row["after"]): _process(row) for row in selectors.process_rows(strategy, since)}


def _process(row: Mapping[str, Any]) -> Process:
    waited = max(row["mean"].total_seconds(), 0) / A_DAY * row["delivered"]
    names = ("delivered", "answered", "right", "known", "reached")
    return Process(**{name: row[name] for name in names}, waited=waited)
