"""What came in under each write key, hour by hour: counted when a portion of segments is taken in.

tallies(con, days=days, added=added, files=files)     # of the temporary tables `lines` and `silenced`
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import duckdb

from clients.behaviour.events import TABLE
from clients.behaviour.lines import EPOCH, GOOD, ID, MICROSECOND, TALLY
from clients.behaviour.models import CaptureTally
from clients.lake import paths
from clients.lake.reading import relation

HOUR = "received - received % 3600000000 AS hour, coalesce(write_key, 0) AS write_key"
TAKEN = f"SELECT {HOUR}, count(*), count(*) FILTER (forged) FROM {{accepted}} GROUP BY ALL"
JUDGED = f"""
    SELECT {HOUR}, count(*) FILTER (problem IS NULL), count(*) FILTER (problem <> '{TALLY}')
    FROM lines WHERE received IS NOT NULL GROUP BY ALL
"""
SILENCED = f"SELECT {HOUR}, count(*) FROM silenced GROUP BY ALL"
REFUSED = f"""
    SELECT {HOUR}, e FROM (SELECT r AS received, k AS write_key, e FROM read_json({{files}},
    format = 'newline_delimited', compression = 'none', ignore_errors = true, columns = {{layout}}) WHERE x = '{TALLY}')
"""
REFUSED_LAYOUT = "{r: 'BIGINT', k: 'BIGINT', x: 'VARCHAR', e: 'VARCHAR'}"
Counted = tuple[int, int, dict[str, int]]  # the hour in µs since 1970, the write key, what to add


def tallies(
    con: duckdb.DuckDBPyConnection, *, days: Sequence[date], added: int, files: Sequence[Path]
) -> list[CaptureTally]:
    """Return the counts of a portion of which `added` events are new in the lake on these days."""
    found: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for hour, key, counts in _counted(con, _accepted(con, days, added), files):
        found[hour, key].update(counts)
    return [
        CaptureTally(hour=EPOCH + hour * MICROSECOND, write_key=key, **counts)
        for (hour, key), counts in sorted(found.items())
    ]


def _counted(con: duckdb.DuckDBPyConnection, accepted: str, files: Sequence[Path]) -> Iterator[Counted]:
    for hour, key, new, forged in con.execute(TAKEN.format(accepted=accepted)).fetchall():
        yield hour, key, {"accepted": new, "duplicate": -new, "forged": forged}
    for hour, key, good, dead in con.execute(JUDGED).fetchall():
        yield hour, key, {"duplicate": good, "dead": dead}
    for hour, key, silenced in con.execute(SILENCED).fetchall():
        yield hour, key, {"declined": silenced}
    for hour, key, reasons in _refused(con, files):
        yield hour, key, {"refused": sum(json.loads(reasons).values())}


def _accepted(con: duckdb.DuckDBPyConnection, days: Sequence[date], added: int) -> str:
    """The lines that brought what the lake has: all good ones, unless some were there before, perhaps by our own hand.

    An event that came twice came at another moment; of the same moment it is the one that the lake has.
    """
    if con.execute(f"SELECT count(*) FROM {GOOD}").fetchall()[0][0] == added:
        return GOOD
    return f"""(SELECT DISTINCT ON (id) l.* FROM (SELECT *, {ID} AS id FROM {GOOD}) AS l
        SEMI JOIN {relation(TABLE, days)} AS known
        ON known.message_id = l.id AND known.arrived_at = make_timestamptz(l.received))"""


def _refused(con: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> list[tuple[int, int, str]]:
    """Counts of refused requests that the collector wrote; only segments that have any are read again."""
    if not con.execute(f"SELECT count(*) FROM lines WHERE problem = '{TALLY}'").fetchall()[0][0]:
        return []
    listed = f"[{', '.join(map(paths.quoted, files))}]"
    return con.execute(REFUSED.format(files=listed, layout=REFUSED_LAYOUT)).fetchall()
