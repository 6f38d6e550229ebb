"""Conditions that can be read but cannot be meant: always true, never true, said twice, on empty features."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import combinations, groupby

from kpm.engine import text
from kpm.engine import tree as t
from kpm.engine.catalogue import Feature
from kpm.engine.problem import Problem
from kpm.engine.problem import gettext_noop as _
from kpm.engine.truth import STEP, Known, truth

MOST_TEXTS = 6


@dataclass(frozen=True)
class FeatureHealth:
    """What the last feature day says: names that are out of date, names that never have a value."""

    stale: Collection[str] = ()
    never_filled: Collection[str] = ()


def lint(tree: t.Tree, features: Mapping[str, Feature], health: FeatureHealth | None = None) -> list[Problem]:
    """Look through a condition in normal form (doubles still in it) for leaves that cannot be meant."""
    found = list(_doubles(tree)) + list(_dead_ends(tree, features))
    if not found and _always(tree, features):
        found.append(Problem("constant", _("The condition is true for every client whose values are known.")))
    return found + list(_health_problems(tree, health or FeatureHealth()))


def _doubles(tree: t.Tree) -> Iterator[Problem]:
    if not isinstance(tree, t.Group):
        return
    written = [text.normal(part) for part in tree.parts]
    for piece, same in groupby(written):
        if len(list(same)) > 1:
            sentence = _("The same comparison stands twice beside %(op)s: %(piece)s")
            yield Problem("duplicate", sentence, tree.at, piece, values={"op": tree.op, "piece": piece})
    for part in tree.parts:
        yield from _doubles(part)


def _dead_ends(tree: t.Tree, features: Mapping[str, Feature]) -> Iterator[Problem]:
    """AND groups that no value can satisfy, OR groups that every value satisfies."""
    if not isinstance(tree, t.Group):
        if _simple(tree) and not any(truth(tree, row) is True for row in _rows([tree], features)):
            yield _about("constant", _("This can never be true: %(piece)s"), tree, text.normal(tree))
        return
    for part in tree.parts:
        yield from _dead_ends(part, features)
    for name, leaves in _by_feature(tree).items():
        texts = {constant.value for leaf in leaves for constant in _constants(leaf)}
        if features[name].dtype != "list" or len(texts) <= MOST_TEXTS:
            yield from _group_problem(tree.op, leaves, features)


def _group_problem(op: str, leaves: list[t.Tree], features: Mapping[str, Feature]) -> Iterator[Problem]:
    piece = f" {op} ".join(text.normal(leaf) for leaf in leaves)
    if op == "AND" and len(leaves) > 1 and not any(_all(leaves, row) for row in _rows(leaves, features)):
        yield _about("contradiction", _("No value can satisfy %(piece)s"), leaves[0], piece)
    if op == "OR" and _covered(leaves, features):
        yield _about("constant", _("Every value satisfies %(piece)s"), leaves[0], piece)


def _about(code: str, sentence: str, where: t.Tree, piece: str) -> Problem:
    return Problem(code, sentence, where.at, piece, values={"piece": piece})


def _all(leaves: list[t.Tree], row: Mapping[str, Known | None]) -> bool:
    return all(truth(leaf, row) is True for leaf in leaves)


def _covered(leaves: list[t.Tree], features: Mapping[str, Feature]) -> bool:
    """Whether every value satisfies one of the leaves, and a missing value does not contradict them."""
    for row in _rows(leaves, features):
        found = [truth(leaf, row) for leaf in leaves]
        if True not in found and (False in found or None not in row.values()):
            return False
    return True


def _always(tree: t.Tree, features: Mapping[str, Feature]) -> bool:
    if not isinstance(tree, t.Group):
        return _simple(tree) and _covered([tree], features)
    if tree.op == "AND":
        return all(_always(part, features) for part in tree.parts)
    return any(_always(part, features) for part in tree.parts)


def _by_feature(group: t.Group) -> dict[str, list[t.Tree]]:
    found: dict[str, list[t.Tree]] = {}
    for part in group.parts:
        if not isinstance(part, t.Group) and _simple(part):
            found.setdefault(min(t.names(part)), []).append(part)
    return found


def _simple(leaf: t.Tree) -> bool:
    """Whether a leaf depends on one feature in a way that a few sample values show completely."""
    plain = (t.Name, t.Constant)
    for value in (value for inner in t.leaves(leaf) for value in t.values(inner)):
        call = isinstance(value, t.Call) and value.function in ("abs", "coalesce")
        if not isinstance(value, plain) and not (call and all(isinstance(a, plain) for a in value.args)):
            return False
    return len(t.names(leaf)) == 1


def _rows(leaves: list[t.Tree], features: Mapping[str, Feature]) -> list[dict[str, Known | None]]:
    feature = features[min(t.names(leaves[0]))]
    literals = [v.value for leaf in leaves for v in _constants(leaf)]
    return [{feature.name: value} for value in (None, *samples(feature, literals))]


def _constants(leaf: t.Tree) -> Iterator[t.Constant]:
    for inner in t.leaves(leaf):
        yield from (value for value in t.values(inner) if isinstance(value, t.Constant))


def samples(feature: Feature, literals: Collection[Known]) -> list[Known]:
    """List values of a feature that tell apart every comparison with these literals."""
    if feature.dtype == "bool":
        return [True, False]
    if feature.dtype == "enum":
        return list(feature.values)
    if feature.dtype == "list":
        return _lists(literals)
    if feature.dtype == "date":
        return _days(literals)
    return _numbers(feature, literals) if feature.is_number else ["text"]


def _lists(literals: Collection[Known]) -> list[Known]:
    """Every list of these texts, the shorter ones first; of more than MOST_TEXTS only some."""
    texts = sorted({str(literal) for literal in literals})
    sizes = range(len(texts) + 1) if len(texts) <= MOST_TEXTS else (0, 1, len(texts) - 1, len(texts))
    return [chosen for size in sizes for chosen in combinations(texts, size)]


def _days(literals: Collection[Known]) -> list[Known]:
    known = [literal.toordinal() for literal in literals if isinstance(literal, date)]
    spread = {day + shift for day in known or [date(2026, 1, 1).toordinal()] for shift in (-1, 0, 1)}
    return [date.fromordinal(day) for day in sorted(spread) if 1 <= day <= date.max.toordinal()]


def _numbers(feature: Feature, literals: Collection[Known]) -> list[Known]:
    step = Decimal(1) if feature.dtype == "int" else STEP
    known = {Decimal(0), *(value for value in literals if isinstance(value, Decimal))}
    known |= {-value for value in known} | {b for b in (feature.minimum, feature.maximum) if b is not None}
    grid = {value.quantize(step, way) for value in known for way in (ROUND_FLOOR, ROUND_CEILING)}
    spread = {value + shift for value in grid for shift in (-step, Decimal(0), step)}
    low, high = feature.minimum, feature.maximum
    return [v for v in sorted(spread) if (low is None or v >= low) and (high is None or v <= high)]


def _health_problems(tree: t.Tree, health: FeatureHealth) -> Iterator[Problem]:
    for name in sorted(t.names(tree)):
        if name in health.never_filled:
            yield _warning("never_filled", _("The feature %(name)s has no value for any client."), name)
        elif name in health.stale:
            yield _warning("stale_feature", _("The feature %(name)s is out of date."), name)


def _warning(code: str, sentence: str, name: str) -> Problem:
    return Problem(code, sentence, None, name, "warning", {"name": name})
