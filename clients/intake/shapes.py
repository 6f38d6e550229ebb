"""The shape of a file: its columns, written the way DOMAIN 6 writes them.

`shape("**day**:d* side:e*(buy, sell) quantity:q*(>0) memo:s200")` reads: name, type letter, size of a text, then `*`
for required or `~` for "derived when it is missing", then the allowed values or the range (`0..1`, `>0`, `1..`).
Two stars around a name make it part of the key.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

TOKEN = re.compile(
    r"(?P<key>\*\*)?(?P<name>\w+)(?(key)\*\*):(?P<type>[a-z])(?P<size>\d*)(?P<mark>[*~]?)(?:\((?P<allowed>[^)]*)\))?(?:\s+|$)"
)
DECIMALS = {"q": (20, 4), "p": (18, 4), "m": (20, 2), "r": (9, 6)}
WORDS = {
    "s": "text",
    "h": "long text",
    "j": "JSON",
    "d": "date",
    "t": "time",
    "i": "whole number",
    "q": "quantity",
    "p": "price",
    "m": "money",
    "r": "ratio",
    "b": "0 or 1",
    "e": "one of",
}
RANGE = re.compile(r"(?P<above>>)?(?P<low>-?\d+(?:\.\d+)?)?(?:\.\.(?P<high>\d+(?:\.\d+)?)?)?$")


class BadShape(Exception):
    """The notation of a kind cannot be read: a mistake in the house, not in a file."""


@dataclass(frozen=True)
class Column:
    """One column of a file; `size` bounds a text or widens a number, `choices` an enumeration, the range a number."""

    name: str
    type: str
    key: bool = False
    required: bool = False
    derived: bool = False
    size: int = 0
    choices: tuple[str, ...] = ()
    low: str = ""
    above: bool = False
    high: str = ""

    @property
    def number(self) -> bool:
        """Whether values are decimals (quantity, price, money, ratio)."""
        return self.type in DECIMALS

    @property
    def digits(self) -> int:
        """How many digits a number has in all."""
        return self.size or DECIMALS[self.type][0]

    @property
    def pg_type(self) -> str:
        """The column's type in the staging table."""
        if self.number:
            return f"numeric({self.digits},{DECIMALS[self.type][1]})"
        return {"d": "date", "t": "timestamptz", "i": "bigint", "b": "boolean"}.get(self.type, "text")

    @property
    def words(self) -> str:
        """What may stand in the column, for a person."""
        size = f" of at most {self.size} characters" if self.size and not self.number else ""
        allowed = f" {', '.join(self.choices)}" if self.choices else ""
        return f"{WORDS[self.type]}{size}{allowed}{self.bounds}"

    @property
    def bounds(self) -> str:
        """The range, for a person; empty when there is none."""
        parts = [f"above {self.low}" if self.above else f"from {self.low}"] if self.low else []
        return " " + " ".join([*parts, *([f"to {self.high}"] if self.high else [])]) if parts or self.high else ""


def shape(text: str) -> tuple[Column, ...]:
    """Read the notation; raises BadShape at the first thing it does not understand."""
    columns, at, plain = [], 0, " ".join(text.split())
    while at < len(plain):
        found = TOKEN.match(plain, at)
        if not found:
            raise BadShape(f"Cannot read a column at: {plain[at : at + 40]}")
        columns.append(_column(found))
        at = found.end()
    return tuple(columns)


def named(columns: Sequence[Column], name: str) -> Column | None:
    """Return the column of this name, or None."""
    return next((column for column in columns if column.name == name), None)


def _column(found: re.Match[str]) -> Column:
    kind, allowed = found["type"], found["allowed"] or ""
    if kind not in WORDS:
        raise BadShape(f"Column {found['name']} has the unknown type {kind}")
    bounds = RANGE.match(allowed.replace(" ", "")) if allowed and kind != "e" else None
    if allowed and kind != "e" and not bounds:
        raise BadShape(f"Column {found['name']} has a range that cannot be read: {allowed}")
    return Column(
        name=found["name"],
        type=kind,
        key=bool(found["key"]),
        required=found["mark"] == "*",
        derived=found["mark"] == "~",
        size=int(found["size"] or 0),
        choices=tuple(word.strip() for word in allowed.split(",")) if kind == "e" else (),
        low=(bounds["low"] or "") if bounds else "",
        above=bool(bounds and bounds["above"]),
        high=(bounds["high"] or "") if bounds else "",
    )
