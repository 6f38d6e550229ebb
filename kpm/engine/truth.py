"""Evaluates a condition on one row in three-valued logic, exactly as DuckDB does on decimals.

Numbers are exact decimals, never floats; None is unknown. `least` and `greatest` pass over missing values,
as they do in DuckDB; everything else with a missing value is unknown.
"""

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from functools import reduce
from typing import Any, TypeAlias

from kpm.engine import text
from kpm.engine import tree as t
from kpm.engine.catalogue import Feature

Truth: TypeAlias = bool | None
Known: TypeAlias = Decimal | str | date | bool | tuple[str, ...]
Row: TypeAlias = Mapping[str, Known | None]

EXACT = Context(prec=200)
STEP = Decimal("0.000001")
OPS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt,
    "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
SIGNS: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}


class MissingValueError(KeyError):
    """The row has no entry for a feature of the condition (an empty value would be None)."""

    def __str__(self) -> str:
        return f"The row has no value for {self.args[0]}; give None when it is unknown."


def coerce(feature: Feature, raw: Any) -> Known | None:
    """Bring a raw value to the type the feature has in DuckDB: decimals with six places, None for nan."""
    if raw is None:
        return None
    if feature.is_number:
        return _number(raw, whole=feature.dtype == "int")
    if feature.dtype == "date":
        return _day(raw)
    if feature.dtype == "list":
        return tuple(str(item) for item in raw if item is not None)
    return bool(raw) if feature.dtype == "bool" else str(raw)


def _number(raw: Any, *, whole: bool) -> Decimal | None:
    value = Decimal(str(raw))
    if not value.is_finite():
        return None
    return value.quantize(Decimal(1) if whole else STEP, ROUND_HALF_UP, EXACT)


def _day(raw: Any) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    return raw if isinstance(raw, date) else date.fromisoformat(str(raw))


def prepare(features: Mapping[str, Feature], raw: Mapping[str, Any]) -> dict[str, Known | None]:
    """Coerce the columns that a condition reads; MissingValueError when one is not in the row at all."""
    row: dict[str, Known | None] = {}
    for name, feature in features.items():
        if name not in raw:
            raise MissingValueError(name)
        row[name] = coerce(feature, raw[name])
        if feature.dtype == "date" and text.companion(name) in raw:
            since = raw[text.companion(name)]
            row[text.companion(name)] = None if since is None else _number(since, whole=True)
    return row


def truth(tree: t.Tree, row: Row) -> Truth:
    """Say whether a condition is TRUE, FALSE or unknown (None) on a prepared row."""
    if isinstance(tree, t.Group):
        found = {truth(part, row) for part in tree.parts}
        decisive = tree.op == "OR"
        return decisive if decisive in found else (None if None in found else not decisive)
    if isinstance(tree, t.Not):
        return negate(truth(tree.part, row))
    if isinstance(tree, t.Surely):
        return (truth(tree.part, row) is True) != tree.negated
    return _leaf(tree, row)


def negate(value: Truth) -> Truth:
    """NOT in three-valued logic: NOT of unknown is unknown."""
    return None if value is None else not value


def _leaf(leaf: t.PlainLeaf, row: Row) -> Truth:
    if isinstance(leaf, t.Compare):
        return _compare(leaf, row)
    left = value(leaf.left, row)
    if isinstance(leaf, t.Missing):
        return (left is None) != leaf.negated
    if left is None:
        return None
    if isinstance(leaf, t.Holds):
        return (leaf.value.value in left) != leaf.negated  # type: ignore[operator]
    return (left in {constant.value for constant in leaf.values}) != leaf.negated


def _compare(leaf: t.Compare, row: Row) -> Truth:
    if isinstance(leaf.left, t.Call) and leaf.left.function == "safe_div":
        return _quotient(leaf.op, leaf.left, value(leaf.right, row), row)
    left, right = value(leaf.left, row), value(leaf.right, row)
    return None if left is None or right is None else OPS[leaf.op](left, right)


def _quotient(op: str, call: t.Call, right: Known | None, row: Row) -> Truth:
    """a / b > t without dividing, so that no rounding can decide."""
    above, below = (value(arg, row) for arg in call.args)
    if above is None or below is None or right is None or below == 0:
        return None
    with localcontext(EXACT):
        product = right * below  # type: ignore[operator]
    return OPS[op if below > 0 else text.FLIPPED[op]](above, product)  # type: ignore[operator]


def value(node: t.Value, row: Row) -> Known | None:
    """Work out one value of a condition on a prepared row; None when it is unknown."""
    if isinstance(node, t.Name):
        return row[node.name]
    if isinstance(node, t.Constant):
        return node.value
    if isinstance(node, t.Call):
        return _call(node, row)
    args = [value(arg, row) for arg in node.args]
    if any(arg is None for arg in args):
        return None
    with localcontext(EXACT):
        return reduce(SIGNS[node.op], args)


def _call(call: t.Call, row: Row) -> Known | None:
    if call.function == "td_since":
        return row[text.companion(call.args[0].name)]  # type: ignore[union-attr]
    args = [value(arg, row) for arg in call.args]
    known: list[Any] = [arg for arg in args if arg is not None]
    if call.function == "coalesce":
        return known[0] if known else None
    if call.function == "safe_div":
        return _divide(args)
    if not known:
        return None
    return {"abs": lambda: abs(known[0]), "least": lambda: min(known), "greatest": lambda: max(known)}[call.function]()


def _divide(args: list[Any]) -> Decimal | None:
    """The quotient as shown to people, to twelve significant digits; comparisons do not use it."""
    if None in args or args[1] == 0:
        return None
    return Context(prec=12).divide(args[0], args[1])
