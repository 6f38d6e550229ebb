"""How a file of somebody else's is fitted to our shape: names mapped, columns skipped, values set or scaled."""

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from clients.intake.registry import Kind
from clients.intake.suggest import did_you_mean


class BadUsage(Exception):
    """What was asked for cannot be done; the message says what would be right."""


@dataclass(frozen=True)
class Options:
    """`mapped` is theirs → ours, `given` ours → a value for every line, `scaled` ours → a factor."""

    mapped: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()
    scaled: Mapping[str, Decimal] = field(default_factory=dict)
    delimiter: str = ","
    encoding: str = "utf-8"
    dry_run: bool = False

    def words(self) -> dict[str, object]:
        """Return what differs from the default, to be kept with the run."""
        kept: dict[str, object] = {
            "map": dict(self.mapped),
            "set": dict(self.given),
            "skip": sorted(self.skipped),
            "scale": {name: str(factor) for name, factor in self.scaled.items()},
            "delimiter": self.delimiter if self.delimiter != "," else "",
            "encoding": self.encoding if self.encoding != "utf-8" else "",
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
    mapped, given = _pairs(maps, "--map THEIRS=OURS"), _pairs(sets, "--set FIELD=VALUE")
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
    )


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
