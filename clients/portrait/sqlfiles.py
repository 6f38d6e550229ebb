"""Feature groups and shared views as they stand in SQL files, with what each says it reads."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
GROUPS, SHARED, RUNNING, DAILY = HERE / "features", HERE / "features" / "shared", HERE / "running", HERE / "daily"
READS = re.compile(r"^-- reads: (.+)$", re.MULTILINE)
ITEM = re.compile(r"(\w+)(?: (\d+))?")


class BadHeader(ValueError):
    """A feature file whose `-- reads:` line is missing or cannot be understood."""


@dataclass(frozen=True)
class SqlFile:
    """One SELECT. `reads` gives for each table the natural days up to the day, None for the state of the day."""

    name: str
    text: str
    reads: dict[str, int | None]


@lru_cache(maxsize=128)
def group(name: str) -> SqlFile:
    """Return the SQL of a feature group."""
    return _read(GROUPS / f"{name}.sql")


@lru_cache(maxsize=128)
def shared(name: str) -> SqlFile | None:
    """Return the SQL of a shared view, None when the name is no shared view."""
    file = SHARED / f"{name}.sql"
    return _read(file) if file.exists() else None


def running(name: str) -> str:
    """Return the SQL that carries a state on."""
    return (RUNNING / f"{name}.sql").read_text(encoding="utf-8")


def shared_text(name: str) -> str:
    """Return the SQL of a shared view; raises FileNotFoundError."""
    return (SHARED / f"{name}.sql").read_text(encoding="utf-8")


def renamed(name: str, rows: str, sql: str) -> str:
    """Return a SELECT that finds the rows of another table under `name`."""
    return f"WITH {name} AS (SELECT * FROM {rows}) SELECT * FROM ({sql})"


def daily(name: str) -> str:
    """Return the SQL of a table with one row per client and day, or of a part of one."""
    return (DAILY / f"{name}.sql").read_text(encoding="utf-8")


def group_names() -> list[str]:
    """Return the names of all groups that have a file."""
    return sorted(file.stem for file in GROUPS.glob("*.sql"))


def _read(file: Path) -> SqlFile:
    return parsed(file.stem, file.read_text(encoding="utf-8"), place=file.name)


def parsed(name: str, text: str, *, place: str) -> SqlFile:
    """Return a SELECT with what its line `-- reads:` says; raises BadHeader naming its place."""
    header = READS.search(text)
    if header is None:
        raise BadHeader(f"{place} has no line `-- reads: table days, …`.")
    return SqlFile(name, text, dict(_item(place, item.strip()) for item in header[1].split(",")))


def _item(place: str, text: str) -> tuple[str, int | None]:
    found = ITEM.fullmatch(text)
    if found is None:
        raise BadHeader(f"{place} reads {text!r}: give a table and, for a window, a number of days.")
    return found[1], int(found[2]) if found[2] else None
