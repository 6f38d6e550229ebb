"""Segments of the collector become events of the lake, a portion at a time.

    take_in(name=name, files=files, now=now) -> Taken

Killed anywhere and begun again with the same name and files, a portion ends the same: events are added to their day
once by their message id, dead letters are cut back by the caller before he begins again, and the record notes the
portion with its counts and links in one transaction, the last step.
"""

import json
import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from clients.behaviour import answers, deadletters, lines, links, services
from clients.behaviour.events import KEY, ORDER, TABLE
from clients.behaviour.lines import EPOCH, MICROSECOND, TALLY
from clients.behaviour.models import CaptureTally, Compaction
from clients.lake import paths, scratch
from clients.lake.appending import append
from clients.lake.reading import open_lake, relation

HOUR = "received - received % 3600000000 AS hour, coalesce(write_key, 0) AS write_key"
GOOD = "(SELECT * FROM lines WHERE problem IS NULL)"
REFUSED = f"""
    SELECT {HOUR}, e FROM (SELECT r AS received, k AS write_key, e FROM read_json({{files}},
    format = 'newline_delimited', compression = 'none', ignore_errors = true, columns = {{layout}}) WHERE x = '{TALLY}')
"""
REFUSED_LAYOUT = "{r: 'BIGINT', k: 'BIGINT', x: 'VARCHAR', e: 'VARCHAR'}"


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
        lines.load(con, lent)
        lines.resolve(con)
        answers.silence(con)
        lines.clean(con)
        days = lines.days(con)
        added = sum(append(TABLE, day, con, lines.events(day), key=KEY, order=ORDER) for day in days)
        dead = deadletters.write(con, lent)
        counted = _counted(con, _accepted(con, days, added), lent)
        newest = con.execute(f"SELECT max(received) FROM {GOOD}").fetchall()[0][0]
        portion = Compaction(
            portion=name, at=now, segments=len(files), bytes=sum(file.stat().st_size for file in lent), events=added,
            newest=None if newest is None else EPOCH + newest * MICROSECOND,
        )  # fmt: skip
        services.keep_portion(portion=portion, tallies=counted, seen=links.seen(con))
        return Taken(added, dead, tuple(days))


def _lend(files: Sequence[Path], folder: Path) -> list[Path]:
    """Put segments where DuckDB may read: it sees nothing outside of the lake."""
    for file in files:
        try:
            os.link(file, folder / file.name)
        except OSError:  # on another file system
            shutil.copyfile(file, folder / file.name)
    return [folder / file.name for file in files]


def _accepted(con: duckdb.DuckDBPyConnection, days: Sequence[date], added: int) -> str:
    """The lines that brought what the lake has: all good ones, unless some were there before, perhaps by our own hand.

    An event that came twice came at another moment; of the same moment it is the one that the lake has.
    """
    if con.execute(f"SELECT count(*) FROM {GOOD}").fetchall()[0][0] == added:
        return GOOD
    return f"""(SELECT DISTINCT ON (message_id) l.* FROM {GOOD} AS l SEMI JOIN {relation(TABLE, days)} AS known
        ON known.message_id = l.message_id AND known.arrived_at = make_timestamptz(l.received))"""


def _counted(con: duckdb.DuckDBPyConnection, accepted: str, files: Sequence[Path]) -> list[CaptureTally]:
    """What came in, by hour and write key."""
    tallies: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for hour, key, new, forged in con.execute(
        f"SELECT {HOUR}, count(*), count(*) FILTER (forged) FROM {accepted} GROUP BY ALL"
    ).fetchall():
        tallies[hour, key].update(accepted=new, duplicate=-new, forged=forged)
    for hour, key, good, dead in con.execute(
        f"""SELECT {HOUR}, count(*) FILTER (problem IS NULL), count(*) FILTER (problem <> '{TALLY}')
        FROM lines WHERE received IS NOT NULL GROUP BY ALL"""
    ).fetchall():
        tallies[hour, key].update(duplicate=good, dead=dead)
    for hour, key, silenced in con.execute(f"SELECT {HOUR}, count(*) FROM silenced GROUP BY ALL").fetchall():
        tallies[hour, key].update(declined=silenced)
    for hour, key, reasons in _refused(con, files):
        tallies[hour, key].update(refused=sum(json.loads(reasons).values()))
    return [
        CaptureTally(hour=EPOCH + hour * MICROSECOND, write_key=key, **counts)
        for (hour, key), counts in sorted(tallies.items())
    ]


def _refused(con: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> list[tuple[int, int, str]]:
    """Counts of refused requests that the collector wrote; only segments that have any are read again."""
    if not con.execute(f"SELECT count(*) FROM lines WHERE problem = '{TALLY}'").fetchall()[0][0]:
        return []
    listed = f"[{', '.join(map(paths.quoted, files))}]"
    return con.execute(REFUSED.format(files=listed, layout=REFUSED_LAYOUT)).fetchall()
