"""Fits a file's columns to a kind's: which of theirs is which of ours, what is set for every line, what is unknown."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from clients.intake.checks import SHOWN
from clients.intake.masking import RUN, looks_personal, masked
from clients.intake.options import BadUsage, Options
from clients.intake.registry import Form, Kind
from clients.intake.shapes import Column
from clients.intake.suggest import did_you_mean

PLAIN = re.compile(r"[A-Za-z][A-Za-z_]*")
QUOTED = 3  # unknown columns that are named; the others are counted


class WrongHeader(Exception):
    """The header does not fit the kind; every fault is one (column, message)."""

    def __init__(self, faults: list[tuple[str, str]], code: str = "E_COLUMN") -> None:
        more = f" (and {len(faults) - 1} more, see the reject file)" if len(faults) > 1 else ""
        super().__init__(faults[0][1] + more)
        self.faults, self.code = faults, code


@dataclass(frozen=True)
class Fit:
    """`theirs` are the file's columns in order, `ours` maps a column of the kind to the file's name for it.

    `objects`: every line is a JSON object that names its own columns. `translate` makes one of a line of another form.
    """

    kind: Kind
    options: Options
    theirs: tuple[str, ...]
    ours: dict[str, str]
    objects: bool = False
    form: Form | None = None
    translate: Callable[[bytes], str] | None = None

    @property
    def present(self) -> frozenset[str]:
        """The kind's columns that this file speaks about."""
        return frozenset(self.ours) | frozenset(self.options.given)

    @property
    def long(self) -> frozenset[int]:
        """Positions of the file's columns whose line ends are kept."""
        named = {theirs: self.kind.column(ours) for ours, theirs in self.ours.items()}
        return frozenset(i for i, name in enumerate(self.theirs) if (column := named.get(name)) and column.type == "h")


def fit_header(kind: Kind, options: Options, header: Sequence[str]) -> Fit:
    """Fit a header; raises WrongHeader with all that is wrong, BadUsage when an option does not fit the file."""
    theirs = tuple(name.strip() for name in header)
    faults: list[tuple[str, str]] = []
    ours: dict[str, str] = {}
    unknown: list[str] = []
    for name in (name for name in theirs if name not in options.skipped):
        mine = options.mapped.get(name, name)
        if kind.column(mine) is None:
            unknown.append(name)
        elif ours.setdefault(mine, name) != name:
            faults.append((name, f"'{name}' and '{ours[mine]}' both give the column '{mine}': --skip one of them"))
    faults = [*_twice(theirs, frozenset(unknown)), *_strangers(kind, unknown, bool(ours)), *faults]
    fit = Fit(kind, options, theirs, ours)
    faults += [(column.name, _missing(column)) for column in kind.columns if column.required and _absent(fit, column)]
    if faults:
        raise WrongHeader(_foreign(faults, header))
    _check_options(fit)
    return fit


def fit_objects(kind: Kind, options: Options) -> Fit:
    """Fit a file of JSON objects, where every line names its own columns."""
    back = {ours: theirs for theirs, ours in options.mapped.items()}
    ours = {column.name: back.get(column.name, column.name) for column in kind.columns}
    kept = {mine: name for mine, name in ours.items() if mine not in options.given and name not in options.skipped}
    return Fit(kind, options, tuple(kept.values()), kept, objects=True)


def _absent(fit: Fit, column: Column) -> bool:
    return column.name not in fit.present


def _twice(theirs: Sequence[str], unknown: frozenset[str]) -> list[tuple[str, str]]:
    twice = sorted(name for name, count in Counter(theirs).items() if count > 1 and name not in unknown)
    return [(name, f"the column '{name}' stands twice") for name in twice]


def _strangers(kind: Kind, names: Sequence[str], related: bool) -> list[tuple[str, str]]:
    """What to say of unknown columns; a file without a header begins with somebody's data, of which nothing is said.

    `related`: other columns of the file are known.
    """
    foreign = any(looks_personal(name) for name in names) and not related
    if foreign or (kind.personal and not all(PLAIN.fullmatch(name) for name in names)):
        listed = ", ".join(column.name for column in kind.columns)
        return [("", f"the first line is no header of {kind.name}, whose columns are {listed}")]
    more = len(names) - QUOTED
    rest = [("", f"{more:,} further columns are not columns of {kind.name}")] if more > 0 else []
    return [*(_unknown(kind, masked(name[:SHOWN], RUN)) for name in names[:QUOTED]), *rest]


def _unknown(kind: Kind, name: str) -> tuple[str, str]:
    hint = did_you_mean(name, [column.name for column in kind.columns])
    return name, f"{kind.name} has no column '{name}'{hint}: rename it, map it with --map {name}=OURS or --skip {name}"


def _missing(column: Column) -> str:
    return f"the column '{column.name}' is missing ({column.words}): add it, or --map THEIRS={column.name}, or --set it"


def _foreign(faults: list[tuple[str, str]], header: Sequence[str]) -> list[tuple[str, str]]:
    """A header that is a single column was probably cut by another delimiter: then say just that."""
    if len(header) == 1:
        for mark, name in ((";", ";"), ("\t", "tab"), ("|", "|")):
            if mark in header[0]:
                return [("", f"the header is one single column: give --delimiter '{name}'")]
    return faults


def _check_options(fit: Fit) -> None:
    for name in fit.options.given:
        if name in fit.ours:
            raise BadUsage(f"--set {name}: the file has this column; leave it out or --skip {fit.ours[name]}.")
    for option, names in (("--map", fit.options.mapped), ("--skip", fit.options.skipped)):
        for name in names:
            if name not in fit.theirs:
                raise BadUsage(f"{option} {name}: the file has no such column{did_you_mean(name, fit.theirs)}.")
