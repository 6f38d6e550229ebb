"""How a file of somebody else's is fitted to our shape: names mapped, columns skipped, values set or scaled."""

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from clients.intake.registry import Kind
from clients.intake.suggest import did_you_mean

FORMAT = "format"  # in --set: a form of lines, where the kind has some


class BadUsage(Exception):
    """What was asked for cannot be done; the message says what would be right."""


@dataclass(frozen=True)
class Options:
    """`mapped` is theirs → ours, `given` ours → a value for every line, `scaled` ours → a factor.

    `form` names one of the kind's forms, empty for the one that the file shows; `pages` is path → name in such a form.
    """

    mapped: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()
    scaled: Mapping[str, Decimal] = field(default_factory=dict)
    delimiter: str = ","
    encoding: str = "utf-8"
    dry_run: bool = False
    form: str = ""
    pages: Mapping[str, str] = field(default_factory=dict)

    def words(self) -> dict[str, object]:
        """Return what differs from the default, to be kept with the run."""
        kept: dict[str, object] = {
            "map": {**self.mapped, **self.pages},
            "set": dict(self.given),
            "skip": sorted(self.skipped),
            "scale": {name: str(factor) for name, factor in self.scaled.items()},
            "delimiter": self.delimiter if self.delimiter != "," else "",
            "encoding": self.encoding if self.encoding != "utf-8" else "",
            "format": self.form,
        }
        return {name: value for name, value in kept.items() if value}


def read_options(
    kind: Kind,
    *,
    maps: Sequence[str] = (),
    sets: Sequence[str] = (),
    skips: Sequence[str] = (),
    scales: Sequence[str] = (),
    delimiter: str = ",",
    encoding: str = "utf-8",
    dry_run: bool = False,
) -> Options:
    """Return the options of a command line; raises BadUsage when one names no column of the kind."""
    pairs, given = _pairs(_listed(maps), "--map THEIRS=OURS"), _pairs(sets, "--set FIELD=VALUE")
    form = _form(kind, given.pop(FORMAT, "")) if kind.forms else ""
    pages = {name: ours for name, ours in pairs.items() if kind.forms and name.startswith("/")}
    mapped = {name: ours for name, ours in pairs.items() if name not in pages}
    for name in mapped.values():
        _known(kind, name, "--map")
    for name in given:
        _known(kind, name, "--set")
    return Options(
        mapped=mapped,
        given=given,
        skipped=frozenset(skips),
        scaled={name: _factor(kind, name, text) for name, text in _pairs(scales, "--scale FIELD=NUMBER").items()},
        delimiter=_delimiter(delimiter),
        encoding=_encoding(encoding),
        dry_run=dry_run,
        form=form,
        pages=pages,
    )


def _listed(texts: Sequence[str]) -> list[str]:
    """`@FILE` stands for the lines of a file; empty ones, and those that begin with #, are none."""
    listed: list[str] = []
    for text in texts:
        listed += _lines(Path(text[1:])) if text.startswith("@") and "=" not in text else [text]
    return listed


def _lines(path: Path) -> list[str]:
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    except (OSError, ValueError) as error:
        raise BadUsage(f"--map @{path}: this file cannot be read as UTF-8 text.") from error
    return [line for line in lines if line and not line.startswith("#")]


def _form(kind: Kind, name: str) -> str:
    if name and name not in kind.forms:
        known = ", ".join(kind.forms)
        raise BadUsage(f"--set {FORMAT}={name}: there is {known}; CSV, JSONL and Parquet are told by their content.")
    return name


def _pairs(texts: Sequence[str], form: str) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    if wrong := [text for text, (name, sign, _value) in zip(texts, pairs, strict=True) if not (name and sign)]:
        raise BadUsage(f"'{wrong[0]}' cannot be read: write {form}.")
    return {name: value for name, _sign, value in pairs}


def _known(kind: Kind, name: str, option: str) -> None:
    if not kind.column(name):
        names = [column.name for column in kind.columns]
        raise BadUsage(f"{option}: {kind.name} has no column '{name}'{did_you_mean(name, names)}.")


def _factor(kind: Kind, name: str, text: str) -> Decimal:
    _known(kind, name, "--scale")
    column = kind.column(name)
    try:
        factor = Decimal(text)
    except InvalidOperation:
        raise BadUsage(f"--scale {name}: '{text}' is not a number.") from None
    if not (column and column.number and factor.is_finite() and factor > 0):
        raise BadUsage(f"--scale {name}: only numbers can be scaled, and only by a number above 0.")
    return factor


def _delimiter(text: str) -> str:
    plain = {"tab": "\t", "\\t": "\t"}.get(text, text)
    if len(plain) != 1 or plain in '"\r\n' or not plain.isascii():
        raise BadUsage(f"--delimiter '{text}': give one character, or tab.")
    return plain


def _encoding(name: str) -> str:
    try:
        found = codecs.lookup(name).name
        plain = 'a,;\t"\n'.encode(found) == b'a,;\t"\n'
    except (LookupError, TypeError, UnicodeError):
        raise BadUsage(f"--encoding {name}: there is no such encoding. UTF-8 and gb18030 are usual.") from None
    if not plain:
        raise BadUsage(f"--encoding {name}: line ends cannot be found in it. Save the file as UTF-8.")
    return found
