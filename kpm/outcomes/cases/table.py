"""Clients of a case and comparable others as a table, and comparisons that part them. Plain Python."""

import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

KNOWN, UNKNOWN = "known", "unknown"
Cell = float | str | None  # a flag is 0 or 1; None is unknown


@dataclass(frozen=True)
class Literal:
    """One comparison: `column` is at least (>=) or below (<) a number, is (=) or is not (<>) a word,
    or only is known or unknown.

    `unknown` says whether a client of whom the value is unknown passes it.
    """

    column: str
    op: str
    value: float | str
    unknown: bool = False

    def holds(self, cell: Cell) -> bool:
        """Whether a value passes."""
        if cell is None:
            return self.unknown
        if self.op in (KNOWN, UNKNOWN):
            return self.op == KNOWN
        if isinstance(self.value, str) or isinstance(cell, str):
            return (cell == self.value) is (self.op == "=")
        return cell >= self.value if self.op == ">=" else cell < self.value


@dataclass(frozen=True)
class Table:
    """`rows` have a value per column; `served` says who is of the case, `chooses` who helps to choose a rule.

    The other half of the clients only estimates how good it is. `whole` are the columns that count in whole numbers.
    """

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    served: Sequence[bool]
    chooses: Sequence[bool]
    whole: frozenset[str] = frozenset()

    @cached_property
    def gaps(self) -> frozenset[str]:
        """The columns in which something is unknown."""
        return frozenset(name for n, name in enumerate(self.columns) if any(row[n] is None for row in self.rows))

    def half(self, chooses: bool) -> list[int]:
        """Return the places of the rows that choose, or of those that estimate."""
        return [place for place, of in enumerate(self.chooses) if of is chooses]

    def passing(self, rule: Sequence[Literal], places: Sequence[int]) -> list[int]:
        """Return which of these rows pass every comparison of a rule."""
        tests = [(self.columns.index(one.column), one) for one in rule]
        return [n for n in places if all(one.holds(self.rows[n][column]) for column, one in tests)]


@dataclass(frozen=True)
class Codes:
    """Columns as a tree reads them: numbers by the bin they fall in, words by a flag each; unknown is NaN.

    `what` says per coded column its column and either its cuts or the word that the flag stands for.
    """

    what: tuple[tuple[str, Sequence[float] | str], ...]
    rows: list[list[float]]


NAN = float("nan")


def coded(table: Table, places: Sequence[int], bins: int) -> Codes:
    """Return the rows in code, cut where the clients in `places` are parted into bins of about one size.

    A column that has one value only, or is unknown of everybody, is left out.
    """
    what: list[tuple[str, Sequence[float] | str]] = []
    columns: list[list[float]] = []
    for number, name in enumerate(table.columns):
        cells = [row[number] for row in table.rows]
        for key, codes in _column([cells[n] for n in places], cells, bins):
            what.append((name, key))
            columns.append(codes)
    return Codes(tuple(what), [list(row) for row in zip(*columns, strict=True)] or [[] for _row in table.rows])


def _column(seen: Sequence[Cell], cells: Sequence[Cell], bins: int) -> list[tuple[Sequence[float] | str, list[float]]]:
    if words := sorted({cell for cell in seen if isinstance(cell, str)}):
        return [(word, [NAN if cell is None else float(cell == word) for cell in cells]) for word in words]
    cuts = _cuts(sorted(cell for cell in seen if isinstance(cell, int | float)), bins)
    if not cuts:
        return []
    return [(cuts, [NAN if not isinstance(c, int | float) else float(bisect.bisect_right(cuts, c)) for c in cells])]


def _cuts(values: Sequence[float], bins: int) -> list[float]:
    """Where to cut sorted values: the first value of each bin but the lowest."""
    places = [len(values) * n // bins for n in range(1, bins)]
    return sorted({values[n] for n in places if values and values[n] > values[0]})


def rounded(value: float, whole: bool, digits: int = 3) -> float:
    """Return a threshold as a person would write it: a whole number for what is counted, else so many digits."""
    return float(round(value)) if whole and abs(value) < 10**digits else float(f"{value:.{digits}g}")


def described(rule: Sequence[Literal]) -> list[Mapping[str, Any]]:
    """Return a rule as JSON can keep it."""
    return [vars(one) for one in rule]
