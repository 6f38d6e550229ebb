"""The pieces a condition is made of, after the parser's tree has passed the whitelist.

A value is a `Name`, `Constant`, `Call` or `Arithmetic`; a leaf is one comparison; `Group` and `Not` join
leaves. `at` is the offset in the author's text; it never takes part in a comparison of two pieces.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

ConstantKind = Literal["number", "text", "date", "bool"]
Scalar: TypeAlias = Decimal | str | date | bool


@dataclass(frozen=True)
class Name:
    """A feature, by its lower-case name."""

    name: str
    at: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Constant:
    """A literal; the kind keeps 1 and TRUE apart, which Python would call equal."""

    kind: ConstantKind
    value: Scalar
    at: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Call:
    """One of the allowed functions of values."""

    function: str
    args: tuple["Value", ...]
    at: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Arithmetic:
    """A sum, difference or product; sums and products may have more than two parts."""

    op: str
    args: tuple["Value", ...]
    at: int | None = field(default=None, compare=False)


Value: TypeAlias = Name | Constant | Call | Arithmetic


@dataclass(frozen=True)
class Compare:
    """`left op right` with op one of = <> < <= > >=."""

    op: str
    left: Value
    right: Value
    at: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class OneOf:
    """`left IN (values)`, or NOT IN when negated."""

    left: Value
    values: tuple[Constant, ...]
    negated: bool = False
    at: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Missing:
    """`feature IS NULL`, or IS NOT NULL when negated; never unknown."""

    left: Name
    negated: bool = False
    at: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Holds:
    """`list_contains(feature, value)`, or its NOT when negated."""

    left: Name
    value: Constant
    negated: bool = False
    at: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Surely:
    """`part IS TRUE`, or IS NOT TRUE when negated; never unknown. In normal form the part is a leaf."""

    part: "Tree"
    negated: bool = False
    at: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Group:
    """Several conditions joined by AND or by OR."""

    op: str
    parts: tuple["Tree", ...]
    at: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Not:
    """The negation of a condition; gone in normal form."""

    part: "Tree"
    at: int | None = field(default=None, compare=False)


PlainLeaf: TypeAlias = Compare | OneOf | Missing | Holds
Leaf: TypeAlias = PlainLeaf | Surely
Tree: TypeAlias = Leaf | Group | Not
PLAIN = (Compare, OneOf, Missing, Holds)


def leaves(tree: Tree) -> Iterator[Leaf]:
    """Walk the leaves of a condition from left to right; `Surely` counts as a leaf when its part is one."""
    if isinstance(tree, Group):
        for part in tree.parts:
            yield from leaves(part)
    elif isinstance(tree, Not) or (isinstance(tree, Surely) and not isinstance(tree.part, PLAIN)):
        yield from leaves(tree.part)
    else:
        yield tree


def values(leaf: Leaf) -> Iterator[Value]:
    """Walk every value of a leaf, the outer ones before the inner ones."""
    if isinstance(leaf, Surely):
        for inner in leaves(leaf.part):
            yield from values(inner)
        return
    tops: tuple[Value, ...] = (leaf.left,)
    if isinstance(leaf, Compare):
        tops += (leaf.right,)
    elif isinstance(leaf, OneOf):
        tops += leaf.values
    elif isinstance(leaf, Holds):
        tops += (leaf.value,)
    for top in tops:
        yield from parts(top)


def parts(value: Value) -> Iterator[Value]:
    """Walk a value and everything inside it."""
    yield value
    if isinstance(value, (Call, Arithmetic)):
        for arg in value.args:
            yield from parts(arg)


def names(tree: Tree) -> set[str]:
    """Name every feature that the condition reads."""
    return {v.name for leaf in leaves(tree) for v in values(leaf) if isinstance(v, Name)}


def written(tree: Tree) -> list[str]:
    """Name every feature once, in the order of the author's text; those without a known place come last."""
    places = [(v.at, v.name) for leaf in leaves(tree) for v in values(leaf) if isinstance(v, Name)]
    ordered = sorted(places, key=lambda place: (place[0] is None, place[0] or 0))
    return list(dict.fromkeys(name for _at, name in ordered))
