"""The paths of a fitted tree as rules: from the root to each leaf where the clients of the case are more than usual."""

from collections.abc import Iterator
from math import isinf
from typing import Any

from kpm.outcomes.cases.table import KNOWN, UNKNOWN, Codes, Literal

LEAF = -1  # scikit-learn's mark of a node without children


def paths_of(tree: Any, codes: Codes) -> list[tuple[Literal, ...]]:
    """Return the rules of the leaves in which the case weighs more than half; at the root both sides weigh the same.

    `tree` is scikit-learn's `tree_` over rows of `codes`.
    """
    return [rule for rule in map(_joined, _walk(tree, codes, 0, ())) if rule]


def _walk(tree: Any, codes: Codes, node: int, above: tuple[Literal, ...]) -> Iterator[tuple[Literal, ...]]:
    if tree.children_left[node] == LEAF:
        shares = tree.value[node][0]
        if len(shares) > 1 and shares[1] > shares[0]:
            yield above
        return
    left, right = _sides(tree, codes, node)
    yield from _walk(tree, codes, int(tree.children_left[node]), (*above, left))
    yield from _walk(tree, codes, int(tree.children_right[node]), (*above, right))


def _sides(tree: Any, codes: Codes, node: int) -> tuple[Literal, Literal]:
    """What a node asks of who goes left, and of who goes right."""
    column, key = codes.what[int(tree.feature[node])]
    unknown = bool(tree.missing_go_to_left[node])
    if isinstance(key, str):
        return Literal(column, "<>", key, unknown), Literal(column, "=", key, not unknown)
    if isinf(tree.threshold[node]):  # who is known goes left
        return Literal(column, KNOWN, ""), Literal(column, UNKNOWN, "", True)
    cut = key[int(tree.threshold[node])]
    return Literal(column, "<", cut, unknown), Literal(column, ">=", cut, not unknown)


def _joined(rule: tuple[Literal, ...]) -> tuple[Literal, ...]:
    """A rule in which each column is bounded once from each side, by the tighter bound."""
    kept: dict[tuple[str, str, object], Literal] = {}
    for one in rule:
        key = (one.column, one.op, one.value if isinstance(one.value, str) else None)
        kept[key] = _tighter(kept[key], one) if key in kept else one
    return tuple(kept.values())


def _tighter(one: Literal, other: Literal) -> Literal:
    if isinstance(one.value, str) or isinstance(other.value, str):
        return Literal(one.column, one.op, one.value, one.unknown and other.unknown)
    value = max(one.value, other.value) if one.op == ">=" else min(one.value, other.value)
    return Literal(one.column, one.op, value, one.unknown and other.unknown)
