"""Where every matched client stood in a run, one line each, kept in the lake for ever.

The record keeps only hits past the consent gate; questions about the others ("why was he not served?") read these.
"""

import tempfile
from pathlib import Path

import duckdb
from django.db.backends.utils import CursorWrapper

from clients.lake.appending import append
from clients.lake.publishing import write_parts, writing
from clients.lake.reading import open_lake
from kpm.strategies.models import Run

COLUMNS = {
    "run_id": "BIGINT", "version_id": "BIGINT", "client_id": "BIGINT", "branch_id": "BIGINT", "object_key": "VARCHAR",
    "occurrence": "VARCHAR", "first_day": "DATE", "arm": "VARCHAR", "stage": "SMALLINT", "stopped_by": "VARCHAR",
}  # fmt: skip
SELECTED = ", ".join(name for name in COLUMNS if name != "run_id")
COPY = f"COPY (SELECT {{run}}, {SELECTED} FROM m) TO STDOUT WITH (FORMAT csv, NULL '\\N')"
KEY = ("run_id", "version_id", "client_id", "object_key")
ORDER = ", ".join(KEY[1:])


def table_of(slot: str) -> str:
    """Return the lake table of a slot's lines."""
    return f"hits_{slot}"


def write_lines(cursor: CursorWrapper, run: Run, *, whole: bool) -> None:
    """Publish the working table `m` as the lines of a run.

    A later attempt over everybody replaces those before it; runs within the day each add theirs.
    """
    table = table_of(run.slot)
    with tempfile.TemporaryDirectory() as folder, open_lake() as con:
        _fetch(cursor, con, run, Path(folder) / "lines.csv")
        if whole:
            with writing(table, run.day) as draft:
                write_parts(con, draft, "lines", COLUMNS, order=ORDER)
        else:
            append(table, run.day, con, "lines", key=KEY, order=", ".join(KEY))


def _fetch(cursor: CursorWrapper, con: duckdb.DuckDBPyConnection, run: Run, file: Path) -> None:
    with file.open("w", encoding="utf-8") as out:
        cursor.copy_expert(COPY.format(run=run.pk), out)
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
    con.execute(
        f"CREATE TEMP TABLE lines AS SELECT * FROM read_csv('{file}', header = false, nullstr = '\\N', "
        f"auto_detect = false, delim = ',', quote = '\"', escape = '\"', columns = {{{columns}}})"
    )
    con.execute("UPDATE lines SET stopped_by = coalesce(stopped_by, ''), object_key = coalesce(object_key, '')")
