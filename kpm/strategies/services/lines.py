"""Where every matched client stood in a run, one line each, kept in the lake for ever.

The record keeps only hits past the consent gate; questions about the others ("why was he not served?") read these.
"""

import tempfile
from datetime import date
from pathlib import Path

from django.db.backends.utils import CursorWrapper

from clients.lake.publishing import write_parts, writing
from clients.lake.reading import open_lake

COLUMNS = {
    "version_id": "BIGINT", "client_id": "BIGINT", "branch_id": "BIGINT", "object_key": "VARCHAR",
    "occurrence": "VARCHAR", "first_day": "DATE", "arm": "VARCHAR", "stage": "SMALLINT", "stopped_by": "VARCHAR",
}  # fmt: skip
COPY = f"COPY (SELECT {', '.join(COLUMNS)} FROM m) TO STDOUT WITH (FORMAT csv, NULL '\\N')"
ORDER = "version_id, client_id, object_key"


def table_of(slot: str) -> str:
    """Return the lake table of a slot's lines."""
    return f"hits_{slot}"


def write_lines(cursor: CursorWrapper, *, slot: str, day: date) -> None:
    """Publish the working table `m` as the lines of this slot and day; a later attempt replaces them whole."""
    with tempfile.TemporaryDirectory() as folder, open_lake() as con, writing(table_of(slot), day) as draft:
        file = Path(folder) / "lines.csv"
        with file.open("w", encoding="utf-8") as out:
            cursor.copy_expert(COPY, out)
        columns = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
        con.execute(
            f"CREATE TEMP TABLE lines AS SELECT * FROM read_csv('{file}', header = false, nullstr = '\\N', "
            f"auto_detect = false, delim = ',', quote = '\"', escape = '\"', columns = {{{columns}}})"
        )
        con.execute("UPDATE lines SET stopped_by = coalesce(stopped_by, ''), object_key = coalesce(object_key, '')")
        write_parts(con, draft, "lines", COLUMNS, order=ORDER)
