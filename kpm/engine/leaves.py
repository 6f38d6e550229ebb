"""Names, types, units and enum values of whole leaves: does every comparison compare like with like?"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from kpm.engine import text
from kpm.engine import tree as t
from kpm.engine.catalogue import Catalogue, Feature
from kpm.engine.kinds import Kind, check_literal, check_types, side
from kpm.engine.problem import ConditionError, Problem, refuse


def check_names(tree: t.Tree, catalogue: Catalogue) -> list[Problem]:
    """List the names that the catalogue does not know or that are no longer in use."""
    names = {v.name: v for leaf in t.leaves(tree) for v in t.values(leaf) if isinstance(v, t.Name)}
    return [problem for name in names.values() for problem in _name_problems(name, catalogue)]


def _name_problems(name: t.Name, catalogue: Catalogue) -> Iterator[Problem]:
    if name.name not in catalogue:
        near = catalogue.suggest(name.name)
        advice = f" Did you mean {' or '.join(near)}?" if near else ""
        message = f"The catalogue has no feature {name.name}.{advice}"
        yield Problem("unknown_feature", message, name.at, name.name)
    elif not catalogue[name.name].active:
        yield Problem("inactive_feature", f"The feature {name.name} is no longer in use.", name.at, name.name)


def check_kinds(tree: t.Tree, catalogue: Catalogue) -> list[Problem]:
    """List every leaf that compares unlike things, one problem per leaf; names must be known already."""
    found: list[Problem] = []
    for leaf in t.leaves(tree):
        try:
            _check_leaf(leaf, catalogue.features)
        except ConditionError as refusal:
            piece = text.normal(leaf)
            found += [replace(p, leaf=piece, position=_first(p.position, leaf.at)) for p in refusal.problems]
    return found


def _first(position: int | None, other: int | None) -> int | None:
    return other if position is None else position


def _check_leaf(leaf: t.Leaf, features: Mapping[str, Feature]) -> None:
    if isinstance(leaf, t.Surely):
        for inner in t.leaves(leaf.part):
            _check_leaf(inner, features)
    elif isinstance(leaf, t.Compare):
        _check_compare(leaf, features)
    elif isinstance(leaf, t.OneOf):
        _check_one_of(leaf, features)
    elif isinstance(leaf, t.Holds):
        _check_holds(leaf, features)


def _check_compare(leaf: t.Compare, features: Mapping[str, Feature]) -> None:
    left, right = side(leaf.left, features), side(leaf.right, features)
    if left.literal and right.literal:
        raise refuse("constant", "Compare a feature with something; this compares two literals.")
    check_types(left, right, leaf.op)
    _check_units(left, right)
    check_literal(left, right, leaf.right)
    check_literal(right, left, leaf.left)
    if _is_division(leaf.left) and _is_division(leaf.right):
        raise refuse("safe_div", "Only one side of a comparison may be a safe_div.")


def _check_one_of(leaf: t.OneOf, features: Mapping[str, Feature]) -> None:
    left = side(leaf.left, features)
    if left.literal or left.type not in ("number", "enum", "date") or _is_division(leaf.left):
        raise refuse("type", "IN needs a number, a date or a feature with fixed values on its left.")
    for value in leaf.values:
        right = side(value, features)
        check_types(left, right, "=")
        check_literal(left, right, value)


def _check_holds(leaf: t.Holds, features: Mapping[str, Feature]) -> None:
    feature = features[leaf.left.name]
    if feature.dtype != "list":
        raise refuse("type", f"list_contains needs a list; {feature.name} is a {feature.dtype}.")
    if leaf.value.kind != "text":
        raise refuse("type", "list_contains looks for a text in single quotes.", leaf.value.at)
    if feature.values and leaf.value.value not in feature.values:
        raise refuse("enum", f"{leaf.value.value!r} is none of {', '.join(feature.values)}.", leaf.value.at)


def _is_division(value: t.Value) -> bool:
    return isinstance(value, t.Call) and value.function == "safe_div"


def _check_units(left: Kind, right: Kind) -> None:
    if left.unit is not None and right.unit is not None and left.unit != right.unit:
        raise refuse("unit", f"The units differ: {left.unit or 'no unit'} against {right.unit or 'no unit'}.")
