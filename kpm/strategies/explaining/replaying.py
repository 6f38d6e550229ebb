"""Replays stored hits from their own evidence: whatever was told of a client must still follow from what was stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kpm.engine.check import Condition
from kpm.engine.explain import explain
from kpm.engine.problem import ConditionError
from kpm.strategies.explaining import selectors
from kpm.strategies.explaining.telling import conditions_of
from kpm.strategies.models import Hit


@dataclass(frozen=True)
class Replay:
    """One hit that was replayed, and why it did not come out TRUE; empty when it did."""

    hit: Hit
    fault: str


def replays(day: date) -> Iterator[Replay]:
    """Replay every stored hit that a run of the day judged last, in the order of strategies and clients."""
    for hit in selectors.hits_of(day):
        yield Replay(hit, fault_of(hit))


def fault_of(hit: Hit) -> str:
    """Say why a hit does not follow from its evidence; empty when it does.

    Evidence holds what the condition reads. A population is replayed where all that it reads is there too.
    """
    try:
        condition, *population = conditions_of(hit.version)
    except ConditionError as fault:
        return f"its condition cannot be used any more: {fault}"
    if missing := _missing(condition, hit):
        return f"its evidence lacks {', '.join(missing)}"
    asked = [condition, *(one for one in population if not _missing(one, hit))]
    return "" if all(explain(one, hit.evidence).truth is True for one in asked) else "its evidence gives no hit"


def _missing(condition: Condition, hit: Hit) -> list[str]:
    return sorted(set(condition.columns) - hit.evidence.keys())
