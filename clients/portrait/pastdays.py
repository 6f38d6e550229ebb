"""Features of many days as one relation: what a version would have seen on each of them, and never more than that.

    with open_past(days, names, keys=anchors) as (con, past):
        con.execute(f"SELECT lake_day, client_id, … FROM {past.relation}")

A day is read as the night wrote it. Columns that it does not have (a feature is younger than the day, or the night
failed) are computed by the SQL of their group as of that day and its own cutoff, where everything that the group reads
still lies in the lake as it was known then. States and tables of days that are carried on mostly do not: they follow
later arrivals. Such days are left out, with the reason.
"""

import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from clients.lake import manifest as manifests
from clients.lake import registry
from clients.lake.publishing import notes_of
from clients.lake.reading import dated, open_lake, view
from clients.lake.registry import Keeping
from clients.portrait import building, catalogue, consent, selectors, sqlfiles
from clients.portrait.building import TABLE, GroupFailed
from clients.portrait.catalogue import Feature
from clients.portrait.daytables import seen, us
from clients.portrait.services import cutoff_of
from clients.portrait.sources import AsOf, days_of
from clients.portrait.states import DAY_TABLES, LATE_STATES, STATES

OF_CLIENT = {"client_id": "BIGINT", "branch_id": "BIGINT", "manager_id": "BIGINT"}
NOT_LIVED = "no night was run"
CARRIED = frozenset(one.table for one in (*STATES, *DAY_TABLES, *LATE_STATES))  # they note what they were made from


@dataclass(frozen=True)
class Past:
    """The rows of the days `read`, each with its `lake_day`; of some of them columns were `recomputed`.

    `left_out` says why the other days cannot be told.
    """

    relation: str
    columns: tuple[str, ...]
    read: tuple[date, ...]
    recomputed: tuple[date, ...]
    left_out: dict[date, str]


@dataclass(frozen=True)
class _Wanted:
    features: tuple[Feature, ...]
    keys: tuple[str, ...]

    @property
    def columns(self) -> dict[str, str]:
        keys = {f"{name}__key": "VARCHAR" for name in self.keys}
        return {**OF_CLIENT, **{one.name: one.type for one in self.features}, **keys}

    def lacking(self, there: Collection[str]) -> tuple[Feature, ...]:
        """The features that a day has to compute, for their value or their key."""
        return tuple(one for one in self.features if not {one.name, *self._key_of(one)} <= set(there))

    def _key_of(self, feature: Feature) -> tuple[str, ...]:
        return (f"{feature.name}__key",) if feature.name in self.keys else ()


@contextmanager
def open_past(
    days: Iterable[date], names: Collection[str], *, keys: Collection[str] = ()
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Past]]:
    """Lend a connection and the rows of these days with the features `names`; `keys` name those whose object counts.

    Every row has its client, branch and manager as of its day.
    """
    asked = {*names, *keys}
    wanted = _Wanted(tuple(one for one in catalogue.features() if one.name in asked), tuple(sorted(set(keys))))
    with tempfile.TemporaryDirectory() as folder, open_lake() as con:
        yield con, _past(sorted(days), wanted, Path(folder))


def _past(days: Sequence[date], wanted: _Wanted, folder: Path) -> Past:
    whole, again, left_out = [], {}, {}
    for day in days:
        lacking = wanted.lacking(_columns_of(day))
        why = _blind(day, wanted) or (_cannot(day, lacking) if lacking else "")
        if why:
            left_out[day] = why
        elif lacking:
            again[day] = lacking
        else:
            whole.append(day)
    parts = [dated(TABLE, whole, wanted.columns)]
    for day, lacking in again.items():
        try:
            parts.append(_recomputed(day, lacking, wanted, folder))
        except GroupFailed as fault:
            left_out[day] = str(fault)
    told = tuple(day for day in days if day not in left_out)
    relation = f"({' UNION ALL '.join(f'SELECT * FROM {part}' for part in parts)})"
    return Past(relation, tuple(wanted.columns), told, tuple(day for day in again if day in told), left_out)


def _columns_of(day: date) -> Collection[str]:
    found = manifests.read(TABLE, day)
    return found.columns if found else ()


def _blind(day: date, wanted: _Wanted) -> str:
    """Why that night could not have judged the version: what it reads was unknown for everybody."""
    blind = selectors.blind_features(day)
    found = [f"{one.name}: {blind[one.name]}" for one in wanted.features if one.name in blind]
    return "; ".join(found)


def _cannot(day: date, lacking: Sequence[Feature]) -> str:
    """Why these features cannot be computed as of the day; empty when they can."""
    if not notes_of("clients", day):
        return NOT_LIVED
    at = AsOf(day, cutoff_of(day))
    for group in sorted({one.group for one in lacking}):
        missing = sorted(table for table, window in _sources(group).items() if not _as_it_was(table, at, window))
        if missing:
            names = ", ".join(one.name for one in lacking if one.group == group)
            return f"{names}: {', '.join(missing)} of that day is not kept as it was"
    return ""


def _sources(group: str) -> dict[str, int | None]:
    """The tables of the lake that a group stands on, through shared views, each with its widest window."""
    found: dict[str, int | None] = {}
    waiting = list(sqlfiles.group(group).reads.items())
    while waiting:
        table, window = waiting.pop()
        shared = sqlfiles.shared(table)
        if shared is not None:
            waiting += [(name, own if own is not None else window) for name, own in shared.reads.items()]
        elif table not in found or (window or 0) > (found[table] or 0):
            found[table] = window
    return found


def _as_it_was(table: str, at: AsOf, window: int | None) -> bool:
    """Whether a table says of the day what it said then: rows by their arrival, others if they were kept."""
    if any(one.table == table and one.keeping is Keeping.SNAPSHOT for one in registry.mirrors()):
        return manifests.read(table, at.day) is not None
    if table not in CARRIED and "arrived_at" in (registry.columns(table) or {}):
        return True
    notes = [notes_of(table, day) for day in days_of(table, at, window)]
    known = [noted for noted in notes if noted]
    moment = us(at.cutoff)
    return bool(notes[-1] if window is None else known) and all(
        "seen_until" in noted and seen(noted, moment) for noted in known
    )


def _recomputed(day: date, lacking: Sequence[Feature], wanted: _Wanted, folder: Path) -> str:
    """SQL for the rows of a day with the columns that it lacks computed anew, by way of files in `folder`."""
    at, groups = AsOf(day, cutoff_of(day)), sorted({one.group for one in lacking})
    clients, files = manifests.read("clients", day), []
    with open_lake() as con:
        building.prepare(con, at)
        stale = building.stale(con, at)
        for part in clients.parts if clients else ():
            bucket = building.Bucket(con, at, part)
            view(con, "clients", [day], part=part)
            for group in groups:
                bucket.compute(group)
            consent.refuse(con, at, part)
            files.append(f"'{folder / f'{day}.{part}.parquet'}'")
            con.execute(f"COPY ({building.wide_select(lacking, stale, groups)}) TO {files[-1]} (FORMAT parquet)")
    stored = _columns_of(day)
    new = {one.name for one in lacking} | {f"{one.name}__key" for one in lacking if one.key}
    if not stored:
        new |= OF_CLIENT.keys()
    items = ", ".join(f'{"n" if name in new else "s"}."{name}"' for name in wanted.columns)
    fresh = f"read_parquet([{', '.join(files)}]) n"
    joined = f"{fresh} LEFT JOIN {dated(TABLE, [day], {**OF_CLIENT, **_kept(wanted, new)})} s USING (client_id)"
    return f"(SELECT DATE '{day}' AS lake_day, {items} FROM {joined})"


def _kept(wanted: _Wanted, new: Collection[str]) -> dict[str, str]:
    return {name: kind for name, kind in wanted.columns.items() if name not in new}
