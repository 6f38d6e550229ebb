"""The kinds of files that can be imported. Owners register theirs from `kinds.py`; the importer knows none by name."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from clients.intake.checks import Check, Problem, Query
from clients.intake.shapes import Column, named
from clients.intake.suggest import did_you_mean

Row = dict[str, Any]
Note = Callable[[str, int], None]


class Merge(Protocol):
    """What a kind's writer may use: SQL over `intake_good` (the lines that passed), what came with the file, notes."""

    now: datetime
    columns: frozenset[str]
    dry_run: bool

    def run(self, sql: str) -> int:
        """Run one statement; `:now` and `:today` are the moment of the import. The number of rows it touched."""

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run one query and return its rows."""

    def copy_out(self, sql: str, target: Path) -> None:
        """Write the rows of a query to a CSV file with a header."""

    def note(self, text: str, count: int = 1) -> None:
        """Say something that is no rejection: it is counted, printed and kept."""


def _no_fill(merge: Merge) -> None:
    """Nothing to derive."""


def _no_comparison(merge: Merge) -> Iterable[Problem]:
    """Nothing beside the record to compare with."""
    return ()


@dataclass(frozen=True)
class Form:
    """A form of lines that is neither CSV nor JSON, such as the log of a web server: a line becomes a row by itself.

    `fits` says whether a line looks like it. `reader` gets what the operator said of its columns (theirs → ours) and of
    its pages (path → name), and returns what makes a row of a line; that raises `cleaning.Unreadable` for a line that
    is none, `translating.LeftOut` for one that is right and tells nothing. `settle` corrects what is staged; it is told
    which lines seem to have the key of another.
    """

    fits: Callable[[str], bool]
    reader: Callable[[Mapping[str, str], Mapping[str, str]], Callable[[str], Row]]
    settle: Callable[[Merge, Sequence[int]], None]


@dataclass(frozen=True)
class Kind:
    """One kind of file: its shape, what is checked where, and how its good lines become rows.

    `write` returns how many lines changed something; the others were there already. `prepare` sees batches of good
    lines in Python before they are staged, may change them and yields problems; `compare` looks at stores other than
    the record. `fill` derives what the file does
    not say, in the staging table. `staged` are further columns of that table, `unstaged` those that never reach it.
    `group` names the columns of an account's day that is taken whole or not at all. `forms` are further forms of files,
    by the name that `--set format=` gives.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    write: Callable[[Merge], int]
    checks: tuple[Check, ...] = ()
    joins: str = ""
    record_checks: tuple[Check, ...] = ()
    queries: tuple[Query, ...] = ()
    fill: Callable[[Merge], None] = _no_fill
    prepare: Callable[[list[Row], Note], Iterable[Problem]] | None = None
    compare: Callable[[Merge], Iterable[Problem]] = _no_comparison
    staged: Mapping[str, str] = field(default_factory=dict)
    unstaged: frozenset[str] = frozenset()
    personal: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    group: tuple[str, ...] = ()
    money: str = ""
    clients: str = ""
    forms: Mapping[str, Form] = field(default_factory=dict)

    def column(self, name: str) -> Column | None:
        """Return the column of this name, or None."""
        return named(self.columns, name)

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that say which row a line is about."""
        return tuple(column.name for column in self.columns if column.key)


class UnknownKind(Exception):
    """There is no such kind of file."""


class KindTwice(Exception):
    """Two owners registered the same kind: a mistake in the house."""


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """This will make a kind known to `manage.py import`."""
    if _kinds.setdefault(kind.name, kind) is not kind:
        raise KindTwice(f"The kind {kind.name} is registered twice.")
    return kind


def kinds() -> list[Kind]:
    """Return all kinds by name."""
    return sorted(_kinds.values(), key=lambda kind: kind.name)


def find(name: str) -> Kind:
    """Return the kind of this name; raises UnknownKind with the nearest names."""
    if name not in _kinds:
        raise UnknownKind(f"There is no kind '{name}'{did_you_mean(name, _kinds)}. Kinds: {', '.join(sorted(_kinds))}.")
    return _kinds[name]
