"""Says, for one client and one condition, how every comparison turned out and by how much."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

from kpm.engine import tree as t
from kpm.engine.check import Condition
from kpm.engine.normal import LeafRecord
from kpm.engine.truth import EXACT, Known, Row, Truth, prepare, truth, value

Scales = Mapping[str, Decimal]


@dataclass(frozen=True)
class LeafResult:
    """One comparison on one client: the value on its left, its threshold, the truth (None is unknown).

    `margin` is (value - threshold) / scale for numbers and dates (days), None for everything else and for
    unknown values; it is negative below the threshold, whichever way the comparison points.
    """

    record: LeafRecord
    value: Known | None
    threshold: Known | tuple[Known, ...] | None
    truth: Truth
    margin: Decimal | None


@dataclass(frozen=True)
class Explanation:
    """The truth of the whole condition and of each of its leaves."""

    truth: Truth
    leaves: tuple[LeafResult, ...]


def explain(condition: Condition, raw: Mapping[str, Any], *, scales: Scales | None = None) -> Explanation:
    """Evaluate a condition on one row of raw values (decimals, dates, None, or stored evidence).

    `scales` gives for a feature the spread that margins are counted in (its inter-quartile range that day);
    a feature without one counts in its own unit.
    """
    row = prepare(condition.features, raw)
    leaves = tuple(leaf_result(record, row, scales or {}) for record in condition.leaves)
    return Explanation(truth(condition.tree, row), leaves)


def leaf_result(record: LeafRecord, row: Row, scales: Scales) -> LeafResult:
    """Evaluate one leaf on a prepared row."""
    inner = core(record.leaf)
    left, right = value(inner.left, row), _threshold(inner, row)
    return LeafResult(record, left, right, truth(record.leaf, row), _margin(inner, left, right, scales))


def core(leaf: t.Leaf) -> t.PlainLeaf:
    """The comparison itself, without IS TRUE around it."""
    return core(next(t.leaves(leaf.part))) if isinstance(leaf, t.Surely) else leaf


def _threshold(leaf: t.Leaf, row: Row) -> Known | tuple[Known, ...] | None:
    if isinstance(leaf, t.Compare):
        return value(leaf.right, row)
    if isinstance(leaf, t.OneOf):
        return tuple(constant.value for constant in leaf.values)
    return leaf.value.value if isinstance(leaf, t.Holds) else None


def _margin(leaf: t.Leaf, left: Any, right: Any, scales: Scales) -> Decimal | None:
    distance = gap(left, right)
    if distance is None or not isinstance(leaf, t.Compare):
        return None
    with localcontext(EXACT):
        return +(distance / scale(leaf, scales)).quantize(Decimal("0.000001"))


def gap(left: Any, right: Any) -> Decimal | None:
    """How far a value lies above another: numbers in their unit, dates in days, None where neither."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        with localcontext(EXACT):
            return left - right
    if isinstance(left, date) and isinstance(right, date):
        return Decimal((left - right).days)
    return None


def scale(leaf: t.Leaf, scales: Scales) -> Decimal:
    """The spread of the first feature of a leaf that has one; 1 when none has."""
    return next((scales[name] for name in _named(leaf) if scales.get(name)), Decimal(1))


def _named(leaf: t.Leaf) -> Iterator[str]:
    return (v.name for v in t.values(leaf) if isinstance(v, t.Name))
