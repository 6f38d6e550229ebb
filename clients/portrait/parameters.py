"""Figures of the definitions that the broker decides (features/parameters.yaml), as they hold on a day."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from clients.shared import yamls

FILE = Path(__file__).resolve().parent / "features" / "parameters.yaml"
ASKED = re.compile(r"\bparam(?:_text)?\('(\w+)'\)")
NUMBER = "DECIMAL(20,6)"


class BadParameter(ValueError):
    """A parameter that no definition can use: unknown, stated twice for one day, or neither number nor text."""


@dataclass(frozen=True)
class Parameter:
    """One figure and the first day on which it holds (None: always)."""

    name: str
    value: Decimal | str
    since: date | None

    @property
    def sql(self) -> str:
        """The value as a literal."""
        if isinstance(self.value, str):
            return "'" + self.value.replace("'", "''") + "'"
        return f"CAST({self.value} AS {NUMBER})"


@lru_cache(maxsize=1)
def parameters() -> tuple[Parameter, ...]:
    """Return the rows of the file; raises BadParameter naming the row at fault."""
    rows = [_parameter(row) for row in yamls.load(FILE.read_text(encoding="utf-8"))]
    places = [(row.name, row.since) for row in rows]
    if twice := {name for name, since in places if places.count((name, since)) > 1}:
        raise BadParameter(f"Stated twice for the same day: {', '.join(sorted(twice))}.")
    return tuple(rows)


def names() -> set[str]:
    """Return all names."""
    return {row.name for row in parameters()}


def asked(sql: str) -> set[str]:
    """Return the names that a text asks for."""
    return set(ASKED.findall(sql))


def in_force(day: date) -> dict[str, Parameter]:
    """Return for each name the row that holds on `day`; a name whose first day is still to come is left out."""
    rows = sorted(parameters(), key=lambda row: row.since or date.min)
    return {row.name: row for row in rows if row.since is None or row.since <= day}


def macros(day: date) -> tuple[str, str]:
    """Return the statements that make `param(name)` and `param_text(name)`; an unknown name is NULL."""
    rows = in_force(day).values()
    numbers = [row for row in rows if not isinstance(row.value, str)]
    texts = [row for row in rows if isinstance(row.value, str)]
    return _macro("param", numbers, NUMBER), _macro("param_text", texts, "VARCHAR")


def filled(sql: str) -> str:
    """Return a text with the undated values in the places of `param('name')`: for what is carried over many days."""
    known = {row.name: row for row in parameters() if row.since is None}
    if missing := asked(sql) - set(known):
        raise BadParameter(f"No value for every day: {', '.join(sorted(missing))}.")
    return ASKED.sub(lambda found: known[found[1]].sql, sql)


def _macro(name: str, rows: list[Parameter], kind: str) -> str:
    cases = " ".join(f"WHEN '{row.name}' THEN {row.sql}" for row in rows)
    chosen = f"CASE asked {cases} END" if cases else "NULL"
    return f"CREATE TEMP MACRO {name}(asked) AS CAST({chosen} AS {kind})"


def _parameter(row: dict[str, object]) -> Parameter:
    name, value, since = str(row.get("name", "")), row.get("value"), row.get("from")
    if not name or isinstance(value, bool) or not isinstance(value, int | float | str):
        raise BadParameter(f"{name or row}: needs a name, and a value that is a number or a text.")
    if since is not None and not isinstance(since, date):
        raise BadParameter(f"{name}: `from` is a day such as 2026-01-19.")
    return Parameter(name, value if isinstance(value, str) else Decimal(str(value)), since)
