"""The one normal form of a condition, with ids for the whole and for every leaf.

NOT is pushed down to the leaves (which is valid with unknown values), BETWEEN is already two leaves, the
feature stands on the left, lists are sorted, AND and OR are flattened, sorted and freed of doubles. The
normal form means the same as the original on every row, missing values included.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kpm.engine import text
from kpm.engine import tree as t

LITERAL = re.compile(r"DATE '[^']*'|'(?:[^']|'')*'|(?<![a-z0-9_])-?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class LeafRecord:
    """One leaf of a normal form, as stored with a version.

    `leaf_id` is equal wherever the same leaf occurs; `slot` stays equal when only the threshold changes;
    `op` is the operator in words of SQL; `literal` is the threshold as text ("" when there is none).
    """

    leaf_id: str
    slot: str
    text: str
    features: tuple[str, ...]
    op: str
    literal: str
    leaf: t.Leaf


def digest(normal_text: str) -> str:
    """Give the first 16 hex digits of the SHA-256 of a normal text."""
    return hashlib.sha256(normal_text.encode()).hexdigest()[:16]


def normalise(tree: t.Tree) -> t.Tree:
    """Bring a checked condition into normal form."""
    return _without_doubles(arrange(tree))


def arrange(tree: t.Tree, negated: bool = False) -> t.Tree:
    """Normal form with doubles still in it, for the check that looks for them."""
    if isinstance(tree, t.Not):
        return arrange(tree.part, not negated)
    if isinstance(tree, t.Group):
        return _group(tree, [arrange(part, negated) for part in tree.parts], negated)
    if isinstance(tree, t.Surely):
        return _surely(arrange(tree.part), tree.negated != negated)
    return _leaf(tree, negated)


def _group(tree: t.Group, parts: list[t.Tree], negated: bool) -> t.Tree:
    op = _other(tree.op) if negated else tree.op
    flat = [inner for part in parts for inner in _same(part, op)]
    return replace(tree, op=op, parts=tuple(sorted(flat, key=text.normal)))


def _other(op: str) -> str:
    return "OR" if op == "AND" else "AND"


def _same(part: t.Tree, op: str) -> Iterator[t.Tree]:
    if isinstance(part, t.Group) and part.op == op:
        yield from part.parts
    else:
        yield part


def _surely(part: t.Tree, negated: bool) -> t.Tree:
    """(a AND b) IS TRUE is a IS TRUE AND b IS TRUE; with OR likewise; IS NOT TRUE swaps the two."""
    if isinstance(part, t.Group):
        return _group(part, [_surely(inner, negated) for inner in part.parts], negated)
    if isinstance(part, t.Surely):
        return replace(part, negated=part.negated != negated)
    if isinstance(part, t.Missing):
        return replace(part, negated=part.negated != negated)
    return t.Surely(part, negated, getattr(part, "at", None))


def _leaf(leaf: t.Tree, negated: bool) -> t.Leaf:
    if isinstance(leaf, t.Compare):
        return _compare(replace(leaf, op=text.OPPOSITE[leaf.op]) if negated else leaf)
    if isinstance(leaf, t.OneOf):
        return _one_of(replace(leaf, negated=leaf.negated != negated))
    if isinstance(leaf, (t.Missing, t.Holds)):
        return replace(leaf, negated=leaf.negated != negated)
    raise TypeError(f"{type(leaf).__name__} is no leaf")


def _compare(leaf: t.Compare) -> t.Compare:
    left, right = _value(leaf.left), _value(leaf.right)
    if _rank(left) > _rank(right):
        leaf = replace(leaf, op=text.FLIPPED[leaf.op])
        left, right = right, left
    if leaf.op == "<>" and isinstance(right, t.Constant) and right.kind == "bool":
        return replace(leaf, op="=", left=left, right=replace(right, value=not right.value))
    return replace(leaf, left=left, right=right)


def _rank(value: t.Value) -> tuple[int, str]:
    """Order of the two sides: a safe_div, a plain feature, any other expression, a literal; then by text."""
    if isinstance(value, t.Constant):
        return 3, ""
    if isinstance(value, t.Call) and value.function == "safe_div":
        return 0, ""
    return (1 if isinstance(value, t.Name) else 2), text.normal_value(value)


def _one_of(leaf: t.OneOf) -> t.Leaf:
    values = sorted(set(leaf.values), key=lambda constant: constant.value)
    left = _value(leaf.left)
    if len(values) == 1:
        return _compare(t.Compare("<>" if leaf.negated else "=", left, values[0], leaf.at))
    return replace(leaf, left=left, values=tuple(values))


def _value(value: t.Value) -> t.Value:
    if isinstance(value, t.Call):
        args = tuple(_value(arg) for arg in value.args)
        return _extreme(value, set(args)) if value.function in ("least", "greatest") else replace(value, args=args)
    if isinstance(value, t.Arithmetic):
        return _arithmetic(value, [_value(arg) for arg in value.args])
    return value


def _extreme(value: t.Call, args: set[t.Value]) -> t.Value:
    """least(b, a, a) is least(a, b); least(a, a) is a."""
    return replace(value, args=tuple(sorted(args, key=_rank))) if len(args) > 1 else args.pop()


def _arithmetic(value: t.Arithmetic, args: list[t.Value]) -> t.Value:
    if value.op == "-":
        return replace(value, args=tuple(args))
    flat = [inner for arg in args for inner in _same_sign(arg, value.op)]
    return replace(value, args=tuple(sorted(flat, key=_rank)))


def _same_sign(arg: t.Value, op: str) -> tuple[t.Value, ...]:
    return arg.args if isinstance(arg, t.Arithmetic) and arg.op == op else (arg,)


def _without_doubles(tree: t.Tree) -> t.Tree:
    if not isinstance(tree, t.Group):
        return tree
    kept = {text.normal(part): part for part in (_without_doubles(part) for part in tree.parts)}
    flat = [inner for part in kept.values() for inner in _same(part, tree.op)]
    if len(flat) == 1:
        return flat[0]
    return replace(tree, parts=tuple(sorted(flat, key=text.normal)))


def record(leaf: t.Leaf) -> LeafRecord:
    """Describe one leaf of a normal form."""
    written = text.normal(leaf)
    op = _op(leaf)
    return LeafRecord(digest(written), _slot(leaf, op), written, tuple(sorted(t.names(leaf))), op, _literal(leaf), leaf)


def records(tree: t.Tree) -> tuple[LeafRecord, ...]:
    """Describe every different leaf of a normal form, in its order."""
    found = {text.normal(leaf): leaf for leaf in t.leaves(tree)}
    return tuple(record(leaf) for leaf in found.values())


def _op(leaf: t.Leaf) -> str:
    no = "NOT " if getattr(leaf, "negated", False) else ""
    if isinstance(leaf, t.Compare):
        return leaf.op
    if isinstance(leaf, t.Surely):
        return f"{_op(next(t.leaves(leaf.part)))} IS {no}TRUE"
    if isinstance(leaf, t.Missing):
        return f"IS {no}NULL"
    return f"{no}{'IN' if isinstance(leaf, t.OneOf) else 'list_contains'}"


def _slot(leaf: t.Leaf, op: str) -> str:
    """What stays the same when a threshold is moved: the shape of the sides, with every literal left out."""
    inner = next(t.leaves(leaf.part)) if isinstance(leaf, t.Surely) else leaf
    slot = f"{_shape(inner.left)}/{op}"  # type: ignore[union-attr]
    moving = isinstance(inner, t.Compare) and not isinstance(inner.right, t.Constant)
    return f"{slot}/{_shape(inner.right)}" if moving else slot  # type: ignore[union-attr]


def _shape(value: t.Value) -> str:
    return LITERAL.sub("?", text.normal_value(value))


def _literal(leaf: t.Leaf) -> str:
    if isinstance(leaf, t.Surely):
        return _literal(next(t.leaves(leaf.part)))
    if isinstance(leaf, t.Compare):
        return text.normal_value(leaf.right)
    if isinstance(leaf, t.OneOf):
        return ", ".join(text.constant(value) for value in leaf.values)
    return text.constant(leaf.value) if isinstance(leaf, t.Holds) else ""
