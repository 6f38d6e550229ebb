"""Segments of the collector become events of the lake, a portion at a time.

    take_in(name=name, files=files, now=now) -> Taken

Killed anywhere and begun again with the same name and files, a portion ends the same: events are added to their day
once by their message id, dead letters are cut back by the caller before he begins again, and the record notes the
portion with its counts and links in one transaction, the last step.
"""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from clients.behaviour import answers, counting, deadletters, lines, links, midnight, services
from clients.behaviour.events import KEY, ORDER, TABLE
from clients.behaviour.lines import EPOCH, MICROSECOND
from clients.behaviour.models import Compaction
from clients.lake import scratch
from clients.lake.appending import append
from clients.lake.reading import open_lake


@dataclass(frozen=True)
class Taken:
    """What became of a portion: events new in the lake, dead letters, and the days that events joined."""

    added: int
    dead: int
    days: tuple[date, ...]


def take_in(*, name: str, files: Sequence[Path], now: datetime) -> Taken:
    """This will put the events of a portion into the lake, its dead letters aside, and note both in the record."""
    with open_lake() as con, scratch.folder() as folder:
        lent = _lend(files, folder)
        _judge(con, lent)
        days = lines.days(con)
        added = sum(_add(con, day) for day in days)
        dead = deadletters.write(con, lent)
        portion = Compaction(
            portion=name, at=now, segments=len(files), bytes=sum(file.stat().st_size for file in lent), events=added,
            newest=_newest(con),
        )  # fmt: skip
        tallies = counting.tallies(con, days=days, added=added, files=lent)
        services.keep_portion(portion=portion, tallies=tallies, seen=links.seen(con))
        return Taken(added, dead, tuple(days))


def _judge(con: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> None:
    """Bring `lines` to what may be kept; consent is asked before properties are cleaned, which is dear."""
    lines.load(con, files)
    lines.resolve(con)
    answers.silence(con)
    lines.clean(con)


def _add(con: duckdb.DuckDBPyConnection, day: date) -> int:
    """Put the events of a day into the lake; how many are new. Days follow each other: one looks into the other."""
    fresh = lines.events(day)
    if midnight.elsewhere(con, day) and not con.execute(f"SELECT 1 FROM {fresh} LIMIT 1").fetchone():
        return 0  # a day of which nothing is left is none
    return append(TABLE, day, con, fresh, key=KEY, order=ORDER)


def _newest(con: duckdb.DuckDBPyConnection) -> datetime | None:
    """When the newest event that can be taken was received."""
    newest = con.execute(f"SELECT max(received) FROM {lines.GOOD}").fetchall()[0][0]
    return None if newest is None else EPOCH + newest * MICROSECOND


def _lend(files: Sequence[Path], folder: Path) -> list[Path]:
    """Put segments where DuckDB may read: it sees nothing outside of the lake."""
    for file in files:
        try:
            os.link(file, folder / file.name)
        except OSError:  # on another file system
            shutil.copyfile(file, folder / file.name)
    return [folder / file.name for file in files]
