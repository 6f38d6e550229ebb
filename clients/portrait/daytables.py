"""Tables of the lake that the portrait makes itself: small rows per client and day, so that windows stay cheap.

    bring_up(table, at, con) -> days that were made

A day is made from the rows of its sources of that day, as they were known at the cutoff, and made again when that
changes: it notes the versions of what it was made from, its SQL, and the arrivals round its cutoff, as running states
do (`clients/lake/folding.py`). Days before the table's window stay as they were last made. What is looked up in
snapshots (whose account it is, what type a security has) is that of the data day; when it changes, only the data day
is made again.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

import duckdb

from clients.lake import locks, paths, registry
from clients.lake import manifest as manifests
from clients.lake.folding import LOCK, Running, fold
from clients.lake.manifest import Manifest
from clients.lake.publishing import notes_of, write_parts, writing
from clients.lake.reading import relation
from clients.portrait.sources import LOOK_BACK, AsOf, source_view

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENTS = ("arrived_at", "replaced_at")


@dataclass(frozen=True)
class DayTable:
    """A table and how a day of it is made.

    `sql` is a SELECT over views of `sources` (rows of the day), `states` (folded to the day) and `lookups` (snapshots
    of the data day); it may call `data_day()`, the day it makes, and `seen_until()`, the newest arrival it is made
    from. Days up to `window` natural days back are kept right, a day being one of which a source has rows. When
    `complete`, a day on which a source brought nothing, though it did shortly before, is not made at all: half of a
    client's assets are no assets.
    """

    table: str
    columns: Mapping[str, str]
    sql: str
    sources: tuple[str, ...]
    window: int
    states: tuple[Running, ...] = ()
    lookups: tuple[str, ...] = ()
    order: str = "client_id"
    complete: bool = False


def bring_up(table: DayTable, at: AsOf, con: duckdb.DuckDBPyConnection) -> int:
    """This will publish the days of a table that are missing or made from something else, oldest first; how many.

    Each day is published whole, so a killed run is taken up where it stopped. Who comes while another brings the table
    up waits for it.
    """
    with locks.held(paths.table_dir(table.table) / LOCK):
        work = _Work(table, at)
        days = [day for day in work.days() if not work.is_right(day)]
        for day in days:
            work.make(con, day)
    return len(days)


class _Work:
    """One table brought up to one data day: what is there, and what each day should be made from."""

    def __init__(self, table: DayTable, at: AsOf) -> None:
        self.table, self.at = table, at
        self.first = at.day - timedelta(days=table.window - 1)
        self.moment = us(at.cutoff)

    def days(self) -> list[date]:
        """Days of the window that should be there, ascending."""
        return [day for day in sorted(self._wanted()) if self.first <= day <= self.at.day and self._whole(day)]

    def _wanted(self) -> set[date]:
        wanted = {self.at.day, *manifests.days(self.table.table)}
        return wanted | {day for found in self._of_sources() for day in found if found[day].rows}

    def _whole(self, day: date) -> bool:
        if not self.table.complete:
            return True
        return all(_rows(found, day, 1) or not _rows(found, day, LOOK_BACK) for found in self._of_sources())

    def _of_sources(self) -> Iterator[Mapping[date, Manifest]]:
        return (self._published[source] for source in self.table.sources)

    @cached_property
    def _published(self) -> dict[str, dict[date, Manifest]]:
        """What the sources have of the window, and of the days before its first that tell whether they come daily."""
        first = self.first - timedelta(days=LOOK_BACK)
        return {
            source: {day: found for day in _days(source, first, self.at.day) if (found := manifests.read(source, day))}
            for source in self.table.sources
        }

    @cached_property
    def _histories(self) -> list[tuple[list[date], list[str]]]:
        return [_history(state.source, self.at.day) for state in self.table.states]

    def inputs(self, day: date) -> str:
        """A digest of everything that decides what the day's rows are, except for the cutoff."""
        digest = hashlib.sha256(f"{self.table.sql}{dict(self.table.columns)}".encode())
        for found in self._of_sources():
            digest.update(f"{found[day].version if day in found else ''}\n".encode())
        for days, marks in self._histories:
            digest.update(f"{marks[bisect_right(days, day)]}\n".encode())
        return digest.hexdigest()[:16]

    def is_right(self, day: date) -> bool:
        """Whether the published day is what making it again would give."""
        found = manifests.whole(self.table.table, day)
        notes = found.notes if found else {}
        if notes.get("inputs") != self.inputs(day) or not seen(notes, self.moment):
            return False
        return day < self.at.day or notes["lookups"] == self.lookups()

    def lookups(self) -> list[str]:
        """Which snapshots of the data day are looked up: only the data day itself follows them when they change."""
        found = [manifests.read(name, self.at.day) for name in self.table.lookups]
        return [snapshot.version if snapshot else "" for snapshot in found]

    def make(self, con: duckdb.DuckDBPyConnection, day: date) -> None:
        """Publish the day."""
        for state in self.table.states:
            fold(state, day=day, cutoff=self.at.cutoff)
        notes = self._arrivals(con, day)
        seen_until = EPOCH + timedelta(microseconds=notes["seen_until"])
        con.execute(f"CREATE OR REPLACE TEMP MACRO data_day() AS DATE '{day}'")
        con.execute(f"CREATE OR REPLACE TEMP MACRO seen_until() AS TIMESTAMPTZ '{seen_until.isoformat()}'")
        for name in (*self.table.sources, *(state.table for state in self.table.states)):
            source_view(con, name, AsOf(day, self.at.cutoff), part=None, window=1)
        for name in self.table.lookups:
            source_view(con, name, self.at, part=None, window=1)
        items = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in self.table.columns.items())
        con.execute(f"CREATE OR REPLACE TEMP TABLE made AS SELECT {items} FROM ({self.table.sql})")
        with writing(self.table.table, day) as draft:
            draft.notes = {"inputs": self.inputs(day), "lookups": self.lookups(), **notes}
            write_parts(con, draft, "made", self.table.columns, order=self.table.order)

    def _arrivals(self, con: duckdb.DuckDBPyConnection, day: date) -> dict[str, Any]:
        """The newest arrival that the day saw and the earliest it did not: between them any cutoff gives this day."""
        noted = [notes_of(state.table, day) for state in self.table.states]
        noted += [_arrivals(con, source, day, self.moment) for source in self.table.sources]
        later = [notes["unseen_from"] for notes in noted if notes["unseen_from"] is not None]
        return {"seen_until": max(notes["seen_until"] for notes in noted), "unseen_from": min(later, default=None)}


def us(moment: datetime) -> int:
    """Return a moment as microseconds, as notes of tables keep it."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def _days(table: str, first: date, last: date) -> list[date]:
    return [day for day in manifests.days(table) if first <= day <= last]


def _rows(published: Mapping[date, Manifest], day: date, window: int) -> int:
    """Rows of the natural days up to a day."""
    days = (day - timedelta(days=back) for back in range(window))
    return sum(published[one].rows for one in days if one in published)


def _history(source: str, last: date) -> tuple[list[date], list[str]]:
    """The days of a source, and for 0, 1, 2 … of them the digest of their versions."""
    digest, days, marks = hashlib.sha256(), _days(source, date.min, last), [""]
    for day in days:
        found = manifests.read(source, day)
        digest.update(f"{day} {found.version if found else ''}\n".encode())
        marks.append(digest.hexdigest()[:16])
    return days, marks


def seen(notes: Mapping[str, Any], moment: int) -> bool:
    """Whether the same rows had arrived by this moment."""
    return notes["seen_until"] <= moment and (notes["unseen_from"] is None or moment < notes["unseen_from"])


def _arrivals(con: duckdb.DuckDBPyConnection, source: str, day: date, moment: int) -> dict[str, Any]:
    """The same as `DayTable` notes, of one source's day; a row that was replaced left at a moment of its own."""
    present = [name for name in MOMENTS if name in (registry.columns(source) or {})]
    rows = relation(source, [day])
    moments = " UNION ALL ".join(f"SELECT epoch_us({name}) AS us FROM {rows}" for name in present)
    sql = f"SELECT max(us) FILTER (us <= {moment}), min(us) FILTER (us > {moment}) FROM ({moments})"
    seen, unseen = con.execute(sql).fetchall()[0]
    return {"seen_until": seen or 0, "unseen_from": unseen}
