"""A condition as rows of feature, operator and value in groups of "all of" and "any of", for people who write no SQL.

    rows = to_rows(condition)           # from the normal form
    text = to_text(rows, catalogue)     # the condition again; it means the same and has the same normal form

A comparison that is no feature beside plain values (a sum, a quotient, IS TRUE) stays a piece of text in a row of its
own. What a person typed into a row is written so that it can only be a value: the check then says what is wrong.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from kpm.engine import text
from kpm.engine import tree as t
from kpm.engine.catalogue import Catalogue, Feature
from kpm.engine.check import Condition

NAME = re.compile(r"\w+")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
SIZES = ("=", "<>", "<", "<=", ">", ">=")
# What a feature of a type may be asked, in the order in which a page offers it.
OPERATORS: Mapping[str, tuple[str, ...]] = {
    "int": (*SIZES, "in", "not in", "empty", "not empty"),
    "decimal": (*SIZES, "in", "not in", "empty", "not empty"),
    "date": (*SIZES, "empty", "not empty"),
    "enum": ("in", "not in", "=", "<>", "empty", "not empty"),
    "bool": ("yes", "no", "empty", "not empty"),
    "list": ("holds", "not holds", "empty", "not empty"),
    "text": ("empty", "not empty"),
}
WITHOUT_VALUE = ("yes", "no", "empty", "not empty")
SEVERAL = ("in", "not in")


@dataclass(frozen=True)
class Row:
    """One comparison: feature, operator and value as a page shows them, or a `piece` of text that rows cannot show."""

    feature: str = ""
    op: str = "="
    value: str = ""
    piece: str = ""


@dataclass(frozen=True)
class Rows:
    """Several rows and groups: all of them (AND) or any of them (OR)."""

    op: str
    parts: tuple["Part", ...] = ()


Part: TypeAlias = Row | Rows


def to_rows(condition: Condition) -> Rows:
    """Return a checked condition as rows; what rows cannot show is in pieces of text."""
    found = _part(condition.tree)
    return found if isinstance(found, Rows) else Rows("AND", (found,))


def _part(tree: t.Tree) -> Part:
    if isinstance(tree, t.Group):
        return Rows(tree.op, tuple(_part(part) for part in tree.parts))
    return _row(tree) or Row(piece=text.normal(tree))


def _row(leaf: t.Tree) -> Row | None:
    """The row of a leaf of one feature and plain values, None for any other."""
    left = getattr(leaf, "left", None)
    if not isinstance(left, t.Name):
        return None
    if isinstance(leaf, t.Missing):
        return Row(left.name, "not empty" if leaf.negated else "empty")
    if isinstance(leaf, t.Holds):
        return Row(left.name, "not holds" if leaf.negated else "holds", shown(leaf.value))
    if isinstance(leaf, t.OneOf):
        return _several(left.name, leaf)
    return _compared(left.name, leaf) if isinstance(leaf, t.Compare) else None


def _several(name: str, leaf: t.OneOf) -> Row | None:
    if any(value.kind == "date" for value in leaf.values):
        return None
    return Row(name, "not in" if leaf.negated else "in", ", ".join(shown(value) for value in leaf.values))


def _compared(name: str, leaf: t.Compare) -> Row | None:
    if not isinstance(leaf.right, t.Constant):
        return None
    if leaf.right.kind == "bool":
        return Row(name, "yes" if leaf.right.value else "no")
    return Row(name, leaf.op, shown(leaf.right))


def shown(constant: t.Constant) -> str:
    """Write a literal as it stands in a field."""
    value = constant.value
    if isinstance(value, Decimal):
        return text.number(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def to_text(rows: Rows, catalogue: Catalogue) -> str:
    """Return the condition that rows say, "" for none; empty groups are left out."""
    return _written(rows, catalogue, top=True)


def _written(part: Part, catalogue: Catalogue, *, top: bool = False) -> str:
    if isinstance(part, Row):
        return (part.piece.strip() and f"({part.piece.strip()})") or _comparison(part, catalogue)
    inner = [said for said in (_written(one, catalogue) for one in part.parts) if said]
    joined = f" {part.op} ".join(inner)
    return joined if top or len(inner) < 2 else f"({joined})"


def _comparison(row: Row, catalogue: Catalogue) -> str:
    name = _named(row.feature.strip().lower())
    if not name:
        return ""
    if row.op in ("empty", "not empty"):
        return f"{name} IS {'NOT ' if row.op == 'not empty' else ''}NULL"
    if row.op in ("yes", "no"):
        return f"{name} = {'TRUE' if row.op == 'yes' else 'FALSE'}"
    feature = catalogue.features.get(name)
    if row.op in ("holds", "not holds"):
        return f"{'NOT ' if row.op == 'not holds' else ''}list_contains({name}, {_quoted(row.value)})"
    if row.op in SEVERAL:
        listed = ", ".join(_literal(feature, value) for value in row.value.split(",") if value.strip())
        return f"{name} {row.op.upper()} ({listed or _literal(feature, '')})"
    return f"{name} {row.op} {_literal(feature, row.value)}"


def _literal(feature: Feature | None, typed: str) -> str:
    said = typed.strip()
    if feature is not None and feature.dtype == "date":
        return f"DATE {_quoted(said)}"
    return said if NUMBER.fullmatch(said) and (feature is None or feature.is_number) else _quoted(said)


def _named(said: str) -> str:
    """A name as it is typed; what is none is quoted, so that it joins nothing and the check refuses it."""
    return said if NAME.fullmatch(said) or not said else '"' + said.replace('"', '""') + '"'


def _quoted(said: str) -> str:
    return "'" + said.strip().replace("'", "''") + "'"
