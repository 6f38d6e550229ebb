"""The lake's tables as features may see them: of which days, and only what had arrived by the cutoff.

The views say so, once, so that no group can forget it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb

from clients.lake import registry
from clients.lake.reading import view

LOOK_BACK = 15  # natural days: longer than any closure of the exchanges


@dataclass(frozen=True)
class AsOf:
    """The day that is described, and the moment after which nothing that arrived is seen.

    Within a day (slots.py) `record_day` is the last night: all tables but the `fresh` ones are read as of it.
    """

    day: date
    cutoff: datetime
    record_day: date | None = None
    fresh: frozenset[str] = frozenset()

    def of(self, table: str) -> date:
        """Return the day as of which a table is read."""
        return self.day if self.record_day is None or table in self.fresh else self.record_day


def source_view(
    con: duckdb.DuckDBPyConnection,
    table: str,
    at: AsOf,
    *,
    part: str | None,
    window: int | None,
    of_whom: str = "TRUE",
) -> None:
    """Make the view of one lake table: the state of T, or `window` natural days up to T, as known at the cutoff.

    Tables of clients are read for one part, or for all when it is None, and only rows for which `of_whom` is true.
    """
    columns = columns_declared(table)
    days, known = days_of(table, at, window), _known(columns, at)
    if "client_id" in columns:
        view(con, table, days, part=part, where=f"{known} AND {of_whom}")
    else:
        view(con, table, days, where=known)


def days_of(table: str, at: AsOf, window: int | None) -> list[date]:
    """Return the day as of which a table is read, or `window` natural days up to it."""
    return [at.of(table) - timedelta(days=back) for back in reversed(range(window or 1))]


class UnknownTable(LookupError):
    """A feature file reads a table that the lake does not know."""


def columns_declared(table: str) -> Mapping[str, str]:
    """Return the columns of a table that some app has declared; raises UnknownTable."""
    columns = registry.columns(table)
    if columns is None:
        raise UnknownTable(f"No app declares {table} to the lake; see the line `-- reads:` of the group.")
    return columns


def _known(columns: Iterable[str], at: AsOf) -> str:
    """The condition that hides what arrived after the cutoff, and what had been replaced by then."""
    moment = f"TIMESTAMPTZ '{at.cutoff.isoformat()}'"
    conditions = []
    if "arrived_at" in columns:
        conditions.append(f"arrived_at <= {moment}")
    if "replaced_at" in columns:
        conditions.append(f"(replaced_at IS NULL OR replaced_at > {moment})")
    return " AND ".join(conditions) or "TRUE"
