"""What the day run calls: bring the lake up to the record, then compute everybody's features.

mirror_day(day=day, cutoff=cutoff) -> {lake table: rows of the day}
compute_features(day=day, cutoff=cutoff) -> version
compute_slot(slot=slot, day=day, night=night, cutoff=cutoff, since=since) -> clients, within a day (slots.py)
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime

import duckdb

from clients.lake import manifest as manifests
from clients.lake import mirroring
from clients.lake.folding import fold
from clients.lake.publishing import notes_of, writing
from clients.lake.reading import open_lake
from clients.market.calendar import calendar
from clients.portrait import building, catalogue
from clients.portrait.building import TABLE, AsOf, GroupFailed
from clients.portrait.daytables import bring_up
from clients.portrait.slots import OtherCatalogue, alone, compute_slot
from clients.portrait.states import DAY_TABLES, LATE_STATES, STATES

log = logging.getLogger(__name__)
__all__ = [
    "CannotCarryOn",
    "GroupFailed",
    "NotATradingDay",
    "NotMirrored",
    "OtherCatalogue",
    "compute_features",
    "compute_slot",
    "mirror_day",
]


class NotATradingDay(Exception):
    """Features describe the close of a trading day that is certain."""


class NotMirrored(Exception):
    """Nobody has brought the day's clients into the lake, so there is nobody to describe."""


def mirror_day(*, day: date, cutoff: datetime) -> dict[str, int]:
    """This will bring the lake up to the record for `day`; the rows of the day by table.

    Waits for imports in flight. Killed anywhere and run again it gives the same files.
    """
    with alone():
        return mirroring.mirror_day(day=day, cutoff=cutoff)


def compute_features(*, day: date, cutoff: datetime) -> str:
    """This will publish one row per client for the close of `day`; the version, which changes when a value does.

    `mirror_day` comes first, with the same cutoff. A feature whose source has brought nothing for the day is unknown
    for everybody and listed by `selectors.stale_features`; so is every feature of a group whose file fails, listed by
    `selectors.failed_groups` with what is wrong. Raises NotATradingDay and NotMirrored; a day outside the
    calendar or only provisional raises what the calendar raises.
    """
    if not calendar().is_open(day, certain=True):
        raise NotATradingDay(f"{day} is no trading day; features describe the close of one.")
    with alone():
        noted = notes_of("clients", day)
        if not noted:
            raise NotMirrored(f"The clients of {day} are not in the lake; run mirror_day first.")
        if noted != mirroring.cutoff_note(cutoff):
            # Another run has mirrored the day for its own cutoff in the meantime.
            mirroring.mirror_day(day=day, cutoff=cutoff)
        _carry_on(AsOf(day, cutoff))
        return _build(AsOf(day, cutoff))


class CannotCarryOn(Exception):
    """A state or a table of days that features read cannot be brought up to the day: which one, and what is wrong."""


def _carry_on(at: AsOf) -> None:
    """Fold the states to the day, and bring up the tables of days that windows read. Raises CannotCarryOn."""
    for state in STATES:
        with _naming(state.table):
            fold(state, day=at.day, cutoff=at.cutoff)
    with open_lake() as con:
        for table in DAY_TABLES:
            with _naming(table.table):
                bring_up(table, at, con)
    for state in LATE_STATES:
        with _naming(state.table):
            fold(state, day=at.day, cutoff=at.cutoff)


@contextmanager
def _naming(table: str) -> Iterator[None]:
    """Say which table it was: what many features stand on has to be mended before anything is concluded."""
    try:
        yield
    except (duckdb.ProgrammingError, duckdb.DataError, FileNotFoundError) as fault:
        raise CannotCarryOn(
            f"{table} is not carried on, so nothing is computed: {' '.join(str(fault).split())}"
        ) from fault


def _build(at: AsOf) -> str:
    """All groups that can be computed; one that fails, for whichever bucket, is unknown for everybody."""
    failed: dict[str, str] = {}
    while True:
        try:
            return _build_without(at, failed)
        except GroupFailed as fault:
            log.error("features of %s go on without %s", at.day, fault)
            failed[fault.group] = str(fault)


def _build_without(at: AsOf, failed: Mapping[str, str]) -> str:
    clients = manifests.read("clients", at.day)
    with open_lake() as con, writing(TABLE, at.day) as draft:
        building.prepare(con, at)
        stale = building.stale(con, at)
        draft.notes = {
            **mirroring.cutoff_note(at.cutoff), "stale": stale, "failed": dict(failed),
            "catalogue": catalogue.fingerprint(),
        }  # fmt: skip
        for part in clients.parts if clients else ():
            draft.write(con, part, building.build_bucket(con, at, part, stale, failed))
    published = manifests.read(TABLE, at.day)
    return published.version if published else ""
