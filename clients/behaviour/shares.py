"""The good lines of a file as rows of the lake, lent a share at a time: memory does not grow with the file.

    with of_file(merge) as (con, shares):
        for share in shares:
            con.execute(f"SELECT … FROM {share.rows}")

Lines go from the record through a file on the disk, which is read again for every share. A share is a day of Shanghai,
or a part of one where it has more than `AT_ONCE` rows; all rows of an id lie in the same share.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
from django.conf import settings

from clients.behaviour import agents
from clients.behaviour.events import COLUMNS_OF_LAKE, FROM_FILE
from clients.intake.registry import Merge
from clients.lake import paths, scratch
from clients.lake.reading import open_lake

AT_ONCE = 100_000  # rows that are sorted and compared together
GROUP = 20_000  # rows that are in memory while the file is written
MEMORY = "400MB"
LONGEST = 4_000_000  # bytes of a line on its way
CLIENT = 'LEFT JOIN register_client cl ON cl.client_no = s."userId"'
GOOD = f"SELECT s.*, cl.id AS client_id FROM intake_good s {CLIENT}"
AGENT = "json_extract_string(context, '$.userAgent')"
MADE = ", ".join(f'CAST({text} AS {COLUMNS_OF_LAKE[name]}) AS "{name}"' for name, text in FROM_FILE.items())


@dataclass(frozen=True)
class Share:
    """Rows of a day: `rows` is a relation with the lake's columns and `line`, as SQL in brackets."""

    day: date
    rows: str


@contextmanager
def of_file(merge: Merge) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[Share]]]:
    """Lend a connection to the lake and the shares of the file's good lines, by day."""
    with scratch.folder() as folder, open_lake() as con:
        file = folder / "fresh.parquet"
        with closing(_small(folder)) as own:
            _make(own, merge, folder / "events.csv", file)
        made = f"read_parquet({paths.quoted(file)})"
        days = con.execute(f"SELECT day, count(*) FROM {made} GROUP BY day ORDER BY day").fetchall()
        yield con, [share for day, count in days for share in _of_day(made, day, count)]


def _small(folder: Path) -> duckdb.DuckDBPyConnection:
    """A database that passes rows on in little memory: one thread, and no batches kept to put them in order again."""
    con = duckdb.connect(config={"threads": 1, "memory_limit": MEMORY, "temp_directory": str(folder)})
    con.execute(f"SET TimeZone = '{settings.TIME_ZONE}'; SET preserve_insertion_order = false")
    return con


def _make(con: duckdb.DuckDBPyConnection, merge: Merge, came: Path, file: Path) -> None:
    """Write the good lines as rows of the lake to a file."""
    merge.copy_out(GOOD, came)
    source = f"read_csv({paths.quoted(came)}, header = true, all_varchar = true, max_line_size = {LONGEST})"
    agents.provide(con, f"SELECT DISTINCT {AGENT} FROM {source}")
    con.execute(
        f"COPY (SELECT CAST(line AS BIGINT) AS line, {MADE}, TIMESTAMPTZ '{merge.now.isoformat()}' AS arrived_at "
        f"FROM (SELECT *, {AGENT} AS agent FROM {source}) LEFT JOIN agents USING (agent)) "
        f"TO {paths.quoted(file)} (FORMAT parquet, ROW_GROUP_SIZE {GROUP})"
    )
    came.unlink()


def _of_day(made: str, day: date, count: int) -> Iterator[Share]:
    many = -(-count // AT_ONCE)
    for number in range(many):
        part = f" AND hash(message_id) % {many} = {number}" if many > 1 else ""
        yield Share(day, f"(SELECT * FROM {made} WHERE day = DATE '{day}'{part})")
