"""The lines of the builder as a form sends them, and back: groups and rows, one under another with their depth.

A line is a group ("AND" or "OR") or a row; the first one is the whole. Every line sends the same fields, so that the
n-th values of the fields belong together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from kpm.engine.builder import OPERATORS, WITHOUT_VALUE, Part, Row, Rows
from kpm.strategies.catalogue_of import catalogue

FIELDS = ("kind", "depth", "feature", "op", "value", "piece")
GROUPS = ("AND", "OR")
DEEPEST = 5  # groups inside each other that a page still shows
DIGITS = 4


@dataclass(frozen=True)
class Line:
    """One line: `kind` is AND or OR for a group, "row" for a comparison, "piece" for text that rows cannot show."""

    kind: str
    depth: int
    feature: str = ""
    op: str = "="
    value: str = ""
    piece: str = ""

    @property
    def dtype(self) -> str:
        """The type of its feature, "" when the catalogue has none of this name."""
        return catalogue()[self.feature].dtype if self.feature in catalogue() else ""

    @property
    def operators(self) -> Sequence[str]:
        """What its feature can be asked."""
        return OPERATORS.get(self.dtype, OPERATORS["decimal"])

    @property
    def values(self) -> Sequence[str]:
        """What its feature can be, where the catalogue lists it."""
        return catalogue()[self.feature].values if self.dtype in ("enum", "list") else ()

    @property
    def valued(self) -> bool:
        """Whether it compares with a value."""
        return self.op not in WITHOUT_VALUE


def lines_of(rows: Rows, depth: int = 0) -> list[Line]:
    """Return rows one under another."""
    found = [Line(rows.op, depth)]
    for part in rows.parts:
        found += lines_of(part, depth + 1) if isinstance(part, Rows) else [_line(part, depth + 1)]
    return found


def _line(row: Row, depth: int) -> Line:
    if row.piece:
        return Line("piece", depth, piece=row.piece)
    return Line("row", depth, row.feature, row.op, row.value)


def rows_of(lines: Sequence[Line]) -> Rows:
    """Return lines as rows in groups; a line too deep belongs to the group before it."""
    whole: list[Any] = [lines[0].kind if lines else "AND", []]
    open_groups: list[list[Any]] = [whole]
    for line in lines[1:]:
        del open_groups[max(line.depth, 1) :]
        if line.kind in GROUPS:
            open_groups[-1][1].append([line.kind, []])
            open_groups.append(open_groups[-1][1][-1])
        else:
            open_groups[-1][1].append(Row(line.feature, line.op, line.value, line.piece))
    return _nested(whole)


def _nested(group: list[Any]) -> Rows:
    parts: list[Part] = [part if isinstance(part, Row) else _nested(part) for part in group[1]]
    return Rows(group[0], tuple(parts))


def typed(data: QueryDict) -> list[Line]:
    """Return the lines that a form sent, with what is no line of ours left out."""
    columns = {name: data.getlist(f"b_{name}") for name in FIELDS}
    found = [_typed(dict(zip(FIELDS, said, strict=False))) for said in zip(*columns.values(), strict=False)]
    lines = [line for line in found if line is not None]
    return lines if lines and lines[0].kind in GROUPS else [Line("AND", 0), *lines]


def _typed(said: Mapping[str, str]) -> Line | None:
    if said["kind"] not in (*GROUPS, "row", "piece"):
        return None
    depth = _number(said["depth"], otherwise=1)
    line = Line(
        said["kind"], min(depth, DEEPEST + 1), said["feature"].strip().lower(), said["op"], said["value"], said["piece"]
    )
    return line if line.op in line.operators else replace(line, op=line.operators[0])


def _number(said: str, *, otherwise: int) -> int:
    """A place or a depth; nobody's page has one of many digits."""
    return int(said) if said.isdecimal() and len(said) <= DIGITS else otherwise


def changed(lines: list[Line], do: str) -> list[Line]:
    """Return lines after a button: `row:n` and `group:n` add to the group of line n, `drop:n` takes line n away."""
    verb, _colon, said = do.partition(":")
    number = _number(said, otherwise=-1)
    if not 0 <= number < len(lines):
        return lines
    at, end = lines[number], _end(lines, number)
    if verb == "drop" and number:
        return lines[:number] + lines[end:]
    if verb == "row":
        return [*lines[:end], Line("row", at.depth + 1), *lines[end:]]
    if verb == "group" and at.depth < DEEPEST:
        other = "OR" if at.kind == "AND" else "AND"
        return [*lines[:end], Line(other, at.depth + 1), Line("row", at.depth + 2), *lines[end:]]
    return lines


def _end(lines: list[Line], number: int) -> int:
    """Where what is inside of a line ends."""
    inside = lines[number].depth
    return next((n for n in range(number + 1, len(lines)) if lines[n].depth <= inside), len(lines))
