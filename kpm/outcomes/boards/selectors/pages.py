"""What the board shows: one line a strategy, and everything about one of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from kpm.outcomes import words
from kpm.outcomes.boards.selectors.counts import Response, responses
from kpm.outcomes.boards.selectors.margins import Curve, by_margin
from kpm.outcomes.figures import figures
from kpm.outcomes.formulas import Arm
from kpm.outcomes.models import EffectSnapshot, SuccessCase
from kpm.outcomes.selectors import effects_of
from kpm.strategies.models import Strategy, StrategyVersion, VersionEvent

RUNNING = (Strategy.Status.PILOT, Strategy.Status.ROLLING, Strategy.Status.LIVE, Strategy.Status.PAUSED)


@dataclass(frozen=True)
class Line:
    """A strategy on the board: its newest effect, what came of its hits lately, and of those before them."""

    strategy: Strategy
    effect: EffectSnapshot | None
    now: Response
    before: Response

    @property
    def difference(self) -> str:
        """The difference in points with its interval; empty while none may be read."""
        row = self.effect
        if row is None or row.difference is None or row.state == EffectSnapshot.State.UNHEALTHY:
            return ""
        lower, upper = (words.points(bound or 0) for bound in (row.daily_lower, row.daily_upper))
        return f"{words.points(row.difference)} ({lower} – {upper})" if row.daily_lower is not None else ""

    @property
    def precision(self) -> str:
        """How often the desk called its hits right, with counts; empty where it was not asked."""
        return words.rate(self.now.precision) if self.now.precision.n else ""

    @property
    def trend(self) -> int:
        """Hits delivered lately less those of as many days before."""
        return self.now.delivered - self.before.delivered


@dataclass(frozen=True)
class Step:
    """A step of the responses: how many, and of how many before it."""

    name: str
    n: int
    of: int

    @property
    def share(self) -> str:
        """In percent of the step before; empty of nothing."""
        return f"{self.n / self.of:.0%}" if self.of else ""


def running() -> QuerySet[Strategy]:
    """Return the strategies that run or are paused, by code."""
    return Strategy.objects.filter(status__in=RUNNING).select_related("live_version", "pilot_version").order_by("code")


def lines(strategies: Iterable[Strategy], now: datetime) -> list[Line]:
    """Return a line for each strategy."""
    rows, span, nothing = list(strategies), timedelta(days=figures().board_days), Response()
    late, early = responses(now - span, now), responses(now - 2 * span, now - span)
    effects = _effects(rows)
    return [Line(one, effects.get(one.pk), late.get(one.pk, nothing), early.get(one.pk, nothing)) for one in rows]


def _effects(strategies: list[Strategy]) -> dict[int, EffectSnapshot]:
    """The newest effect over all branches of the version that runs, by strategy."""
    versions = {one.pilot_version_id or one.live_version_id: one.pk for one in strategies}
    rows = EffectSnapshot.objects.filter(version__in=[*filter(None, versions)], branch=None, month=None)
    newest = rows.order_by("version_id", "-day").distinct("version_id")
    return {versions[row.version_id]: row for row in newest}


def one(strategy: Strategy, now: datetime) -> dict[str, Any]:
    """Return what the page of one strategy shows."""
    span = timedelta(days=figures().board_days)
    found = responses(now - span, now, strategy=strategy).get(strategy.pk, Response())
    version = strategy.pilot_version or strategy.live_version
    return {
        "effects": [(effect.version, words.say(effect)) for effect in effects_of(strategy)],
        "steps": steps(found), "answers": found, "precision": words.rate(found.precision) if found.precision.n else "",
        "curves": curves(by_margin(version)) if version else [], "cost": cost(version, found),
        "history": _history(strategy), "days": figures().board_days,
        "case": SuccessCase.objects.filter(made=strategy).select_related("branch").first(),
    }  # fmt: skip


def _history(strategy: Strategy) -> QuerySet[VersionEvent]:
    rows = VersionEvent.objects.filter(version__strategy=strategy)
    return rows.select_related("by__staff", "version").order_by("at", "pk")


def steps(found: Response) -> list[Step]:
    """Return the way of responses: delivered, answered, reached, positive; and the goal, of the known outcomes."""
    ways = [("delivered", found.delivered, 0), ("answered", found.answered, found.delivered)]
    ways += [("reached", found.reached, found.answered), ("positive", found.positive, found.reached)]
    return [Step(*way) for way in [*ways, ("goal", found.goal, found.known)]]


def curves(found: Iterable[Curve]) -> list[dict[str, Any]]:
    """Return curves with their rates written out."""
    return [
        {
            "text": one.text,
            "bins": [{"low": short(b.low), "high": short(b.high), "rate": words.rate(b.right)} for b in one.bins],
        }
        for one in found
    ]


def short(value: Decimal) -> str:
    """Write a distance with three digits: 76693.1 is 76,700."""
    return f"{Decimal(f'{value:.3g}'):,f}"


def cost(version: StrategyVersion | None, found: Response) -> Decimal | None:
    """Return what one reached goal cost in contacts, in CNY; None while nothing was reached or nothing costs.

    The share of known outcomes that reached it stands for the others.
    """
    share = Arm(found.known, found.goal).rate
    if version is None or not share or not version.contact_cost:
        return None
    return (version.contact_cost / Decimal(str(share))).quantize(Decimal("0.01"))
