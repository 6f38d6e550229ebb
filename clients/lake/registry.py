"""What the owners of facts declare to the lake: tables, and how their rows come from the record.

Each app has a `mirrors.py` that calls `register` when it is imported (`apps.py` imports them all), as with the
importer's `kinds.py`. Rules for the SQL of a mirror:

- it names every column of `columns`, in that order, with `id` (the record's row) and, when `by_client`, `client_id`;
- a surrogate client id only: no client number, no name, no contact, no card, no ID ever enters the lake;
- a snapshot reads `%(day)s` and `%(cutoff)s` and gives the state known at the cutoff, as of the day;
- all others read `%(days)s` (`WHERE day = ANY(%(days)s)`), and give `day` and `arrived_at`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

MOMENT = "TIMESTAMP WITH TIME ZONE"


class Keeping(Enum):
    """How the record keeps the rows of a day, which decides how they are copied."""

    SNAPSHOT = "snapshot"  # a state table: copied whole for each day, as it was known at the cutoff
    FACTS = "facts"  # rows never change and never go; a late one joins its day
    REPLACED = "replaced"  # a newer file replaces rows of the day, and the record drops old days: the lake keeps all


@dataclass(frozen=True)
class Mirror:
    """A table of the lake that is copied from the record. `columns` are DuckDB types by name.

    Except for snapshots: `source` is the record's table, whose ascending `id` tells what is new, and `day_sql` its day;
    `scope` is the column whose rows are replaced together; `dropped` selects the days that the record has let go.
    """

    table: str
    keeping: Keeping
    columns: Mapping[str, str]
    sql: str
    source: str = ""
    day_sql: str = "day"
    scope: str = ""
    dropped: str = ""

    @property
    def by_client(self) -> bool:
        """Whether rows belong to clients and lie in their buckets."""
        return "client_id" in self.columns


class DeclaredTwice(Exception):
    """Two apps declare the same table of the lake."""


_mirrors: dict[str, Mirror] = {}
_columns: dict[str, Mapping[str, str]] = {}


def register(mirror: Mirror) -> None:
    """Declare a mirrored table; raises DeclaredTwice when another declaration has its name."""
    replaced = {"replaced_at": MOMENT} if mirror.keeping is Keeping.REPLACED else {}
    declare(mirror.table, {**mirror.columns, **replaced})
    _mirrors[mirror.table] = mirror


def declare(table: str, columns: Mapping[str, str]) -> None:
    """Declare the columns of a table, so that it can be read before its first day is published."""
    if _columns.get(table, columns) != columns:
        raise DeclaredTwice(f"The lake's table {table} is declared twice, with different columns.")
    _columns[table] = columns


def mirrors() -> list[Mirror]:
    """Return all declared mirrors, by table."""
    return [_mirrors[table] for table in sorted(_mirrors)]


def columns(table: str) -> Mapping[str, str] | None:
    """Return the declared columns of a table, None when nobody declared it."""
    return _columns.get(table)
