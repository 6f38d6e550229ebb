"""How often hits were right by how far their values lay beyond a threshold: where it should be tightened.

by_margin(version) -> [Curve]      # a curve per comparison with a number or a day, in the order of the condition
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kpm.engine.explain import LeafResult, explain
from kpm.engine.problem import ConditionError
from kpm.engine.truth import MissingValueError
from kpm.outcomes.boards.selectors.counts import newest
from kpm.outcomes.figures import figures
from kpm.outcomes.formulas import Arm
from kpm.strategies.explaining.telling import conditions_of
from kpm.strategies.models import Hit, HitFeedback, StrategyVersion

SIDES = ("<", "<=", ">", ">=")
Judged = tuple[Decimal, bool]  # how far beyond the threshold, and whether the hit was right


@dataclass(frozen=True)
class Bin:
    """Hits whose values lay from `low` to `high` beyond the threshold, in the feature's own unit; `right` of `n`."""

    low: Decimal
    high: Decimal
    right: Arm


@dataclass(frozen=True)
class Curve:
    """One comparison: its text in the normal form, and its bins from the threshold outwards."""

    text: str
    bins: tuple[Bin, ...]


def by_margin(version: StrategyVersion) -> list[Curve]:
    """Return how often the newest judged hits of a version were right, by distance from each threshold.

    A comparison with fewer judged hits than fill two bins has no curve. Hits whose stored values no longer fit the
    condition are left out.
    """
    found: dict[str, list[Judged]] = {}
    for leaf, right in _leaves(version):
        if leaf.truth is True and leaf.margin is not None and leaf.record.op in SIDES:
            found.setdefault(leaf.record.text, []).append((abs(leaf.margin), right))
    curves = [Curve(text, tuple(_bins(sorted(judged)))) for text, judged in found.items()]
    return [one for one in curves if len(one.bins) > 1]


def _leaves(version: StrategyVersion) -> Iterable[tuple[LeafResult, bool]]:
    verdicts = figures().verdicts
    asked = [code for name in ("right", "wrong", "stale") for code in verdicts[name]]
    rows = HitFeedback.objects.filter(pk__in=newest(Hit.objects.filter(version=version)), verdict__in=asked)
    try:
        condition = conditions_of(version)[0]
    except ConditionError:
        return
    for evidence, verdict in rows.order_by("-pk").values_list("hit__evidence", "verdict")[: figures().margin_most]:
        try:
            explained = explain(condition, evidence)
        except MissingValueError:
            continue
        yield from ((leaf, verdict in verdicts["right"]) for leaf in explained.leaves)


def _bins(judged: Sequence[Judged]) -> Iterable[Bin]:
    """So many bins of about one size as there are hits for."""
    number = min(figures().margin_bins, len(judged) // figures().margin_least)
    for n in range(number):
        part = judged[len(judged) * n // number : len(judged) * (n + 1) // number]
        yield Bin(part[0][0], part[-1][0], Arm(len(part), sum(right for _margin, right in part)))
