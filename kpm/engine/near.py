"""Near miss: the cheapest comparisons to turn, and the values that would turn them.

A comparison that is not TRUE costs its distance from the threshold (in scales), one without a number costs 1,
and one whose value is missing needs a value, which is dearer than any distance. AND adds up, OR takes the
cheapest. A plan counts only when values can be found that make the whole condition TRUE.
"""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any

from kpm.engine import tree as t
from kpm.engine.check import Condition
from kpm.engine.explain import LeafResult, Scales, core, gap, leaf_result, scale
from kpm.engine.normal import LeafRecord, digest
from kpm.engine.reach import reach
from kpm.engine.text import normal
from kpm.engine.truth import Known, Row, prepare, truth, value

PLANS = 64
Plan = frozenset[str]


@dataclass(frozen=True, order=True)
class Cost:
    """What has to change: how many values are missing, then the distance in scales."""

    needs: int
    distance: Decimal

    def __add__(self, other: "Cost") -> "Cost":
        """Add two costs part by part."""
        return Cost(self.needs + other.needs, self.distance + other.distance)


@dataclass(frozen=True)
class NearMiss:
    """The comparisons to turn, what they cost, and one set of values that makes the condition TRUE.

    In `changes` None means "without a value"; `changes` itself is None when no values could be found at all,
    and the comparisons are then those of the cheapest plan.
    """

    turn: tuple[LeafResult, ...]
    cost: Cost
    changes: Mapping[str, Known | None] | None


FREE = Cost(0, Decimal(0))


def near_miss(condition: Condition, raw: Mapping[str, Any], *, scales: Scales | None = None) -> NearMiss | None:
    """Find the cheapest way to a hit for one client; None when the condition is TRUE already."""
    row = prepare(condition.features, raw)
    if truth(condition.tree, row) is True:
        return None
    known = {record.leaf_id: record for record in condition.leaves}
    costs = {leaf_id: _cost(record.leaf, row, scales or {}) for leaf_id, record in known.items()}
    plans = _plans(condition.tree, costs)
    for plan in plans:
        changes = reach(condition, [known[leaf_id].leaf for leaf_id in sorted(plan)], row)
        if changes is not None:
            return _result(known, plan, costs, row, scales or {}, changes)
    return _result(known, plans[0], costs, row, scales or {}, None)


def _result(
    known: Mapping[str, LeafRecord],
    plan: Plan,
    costs: Mapping[str, Cost],
    row: Row,
    scales: Scales,
    changes: Mapping[str, Known | None] | None,
) -> NearMiss:
    turn = [leaf_result(record, row, scales) for leaf_id, record in known.items() if leaf_id in plan]
    missed = tuple(result for result in turn if result.truth is not True)
    return NearMiss(missed, _total(plan, costs), changes)


def _total(plan: Plan, costs: Mapping[str, Cost]) -> Cost:
    return sum((costs[leaf_id] for leaf_id in plan), FREE)


def _cost(leaf: t.Leaf, row: Row, scales: Scales) -> Cost:
    if truth(leaf, row) is True:
        return FREE
    inner = core(leaf)
    if truth(inner, row) is None or (isinstance(inner, t.Missing) and inner.negated):
        return Cost(1, Decimal(0))
    distance = _distance(inner, row)
    return Cost(0, Decimal(1) if distance is None else distance / scale(inner, scales))


def _distance(leaf: t.PlainLeaf, row: Row) -> Decimal | None:
    """How far the value lies from the threshold, or from the nearest value of a list; None without numbers."""
    if isinstance(leaf, t.Missing | t.Holds):
        return None
    left = value(leaf.left, row)
    thresholds = [value(leaf.right, row)] if isinstance(leaf, t.Compare) else [c.value for c in leaf.values]
    gaps = [gap(left, threshold) for threshold in thresholds]
    return min((abs(found) for found in gaps if found is not None), default=None)


def _plans(tree: t.Tree, costs: Mapping[str, Cost]) -> list[Plan]:
    """List up to PLANS sets of leaves that together make the tree TRUE, cheapest first.

    With six leaves or fewer there are never more than 64 sets, so the list is complete.
    """
    if not isinstance(tree, t.Group):
        return [frozenset([digest(normal(tree))])]
    inner = [_plans(part, costs) for part in tree.parts]
    found = _joined(inner, costs) if tree.op == "AND" else {plan for plans in inner for plan in plans}
    return _cheapest(found, costs)


def _joined(inner: list[list[Plan]], costs: Mapping[str, Cost]) -> set[Plan]:
    found: set[Plan] = {frozenset()}
    for plans in inner:
        found = set(_cheapest({one | other for one, other in product(found, plans)}, costs))
    return found


def _cheapest(plans: set[Plan], costs: Mapping[str, Cost]) -> list[Plan]:
    return heapq.nsmallest(PLANS, plans, key=lambda plan: (_total(plan, costs), len(plan), sorted(plan)))
