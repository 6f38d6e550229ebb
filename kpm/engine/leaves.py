"""Names, types, units and enum values of whole leaves: does every comparison compare like with like?"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from kpm.engine import text
from kpm.engine import tree as t
from kpm.engine.catalogue import Catalogue, Feature
from kpm.engine.kinds import NO_UNIT, NONE_OF, Kind, check_literal, check_types, side
from kpm.engine.problem import ConditionError, Problem, refuse
from kpm.engine.problem import gettext_noop as _

UNKNOWN = _("The catalogue has no feature %(name)s.")


def check_names(tree: t.Tree, catalogue: Catalogue) -> list[Problem]:
    """List the names that the catalogue does not know or that are no longer in use."""
    names = {v.name: v for leaf in t.leaves(tree) for v in t.values(leaf) if isinstance(v, t.Name)}
    return [problem for name in names.values() for problem in _name_problems(name, catalogue)]


def _name_problems(name: t.Name, catalogue: Catalogue) -> Iterator[Problem]:
    if name.name not in catalogue:
        near = catalogue.suggest(name.name)
        sentence = _("The catalogue has no feature %(name)s. Did you mean %(near)s?") if near else UNKNOWN
        values = {"name": name.name, "near": ", ".join(near)}
        yield Problem("unknown_feature", sentence, name.at, name.name, values=values)
    elif not catalogue[name.name].active:
        sentence = _("The feature %(name)s is no longer in use.")
        yield Problem("inactive_feature", sentence, name.at, name.name, values={"name": name.name})


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
        raise refuse("constant", _("Compare a feature with something; this compares two literals."))
    check_types(left, right, leaf.op)
    _check_units(left, right)
    check_literal(left, right, leaf.right)
    check_literal(right, left, leaf.left)
    if _is_division(leaf.left) and _is_division(leaf.right):
        raise refuse("safe_div", _("Only one side of a comparison may be a safe_div."))


def _check_one_of(leaf: t.OneOf, features: Mapping[str, Feature]) -> None:
    left = side(leaf.left, features)
    if left.literal or left.type not in ("number", "enum", "date") or _is_division(leaf.left):
        raise refuse("type", _("IN needs a number, a date or a feature with fixed values on its left."))
    for value in leaf.values:
        right = side(value, features)
        check_types(left, right, "=")
        check_literal(left, right, value)


def _check_holds(leaf: t.Holds, features: Mapping[str, Feature]) -> None:
    feature = features[leaf.left.name]
    if feature.dtype != "list":
        sentence = _("list_contains needs a list; %(name)s is a %(type)s.")
        raise refuse("type", sentence, name=feature.name, type=feature.dtype)
    if leaf.value.kind != "text":
        raise refuse("type", _("list_contains looks for a text in single quotes."), leaf.value.at)
    if feature.values and leaf.value.value not in feature.values:
        raise refuse("enum", NONE_OF, leaf.value.at, value=leaf.value.value, values=", ".join(feature.values))


def _is_division(value: t.Value) -> bool:
    return isinstance(value, t.Call) and value.function == "safe_div"


def _check_units(left: Kind, right: Kind) -> None:
    if left.unit is not None and right.unit is not None and left.unit != right.unit:
        sentence = _("The units differ: %(left)s against %(right)s.")
        raise refuse("unit", sentence, left=left.unit or NO_UNIT, right=right.unit or NO_UNIT)
