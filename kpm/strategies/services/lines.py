"""Where every matched client stood in a run, one line each, kept in the lake for ever.

The record keeps only hits past the consent gate; questions about the others ("why was he not served?") read these.

The lake knows no rollback: lines are written before their run is published, and stay when it never is. So whoever reads
asks for the lines of published runs (`counted`), and whoever writes carries only those along.
"""

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
from django.db.backends.utils import CursorWrapper

from clients.lake import daybook, losses
from clients.lake.publishing import write_parts, writing
from clients.lake.reading import open_lake, relation
from kpm.strategies.models import Run
from kpm.strategies.models.runs import WITHIN_THE_DAY

COLUMNS = {
    "run_id": "BIGINT", "version_id": "BIGINT", "client_id": "BIGINT", "branch_id": "BIGINT", "object_key": "VARCHAR",
    "occurrence": "VARCHAR", "first_day": "DATE", "arm": "VARCHAR", "stage": "SMALLINT", "stopped_by": "VARCHAR",
}  # fmt: skip
SELECTED = ", ".join(name for name in COLUMNS if name != "run_id")
COPY = f"COPY (SELECT {{run}}, {SELECTED} FROM m) TO STDOUT WITH (FORMAT csv, NULL '\\N')"
ORDER = "run_id, version_id, client_id, object_key"


def table_of(slot: str) -> str:
    """Return the lake table of a slot's lines."""
    return f"hits_{slot}"


def counted(*, since: date, until: date) -> list[int]:
    """Return the runs from day to day whose lines may be read: the published ones."""
    return list(Run.objects.filter(day__range=(since, until), state=Run.State.PUBLISHED).values_list("pk", flat=True))


def write_lines(cursor: CursorWrapper, run: Run, unjudged: Sequence[int] = ()) -> int:
    """Write the working table `m` as the lines of a run, beside those of the published runs of its day and slot.

    Returns how many lines the day and slot have now.

    What a run that this one will supersede found of the versions `unjudged`, by id, is what is known of them: the run
    takes those lines over as its own.
    Raises clients.lake.losses.LostDays when lines of the day were published and are no longer on disk.
    """
    table = table_of(run.slot)
    with tempfile.TemporaryDirectory() as folder, open_lake() as con:
        _fetch(cursor, con, run, Path(folder) / "lines.csv")
        with writing(table, run.day) as draft:
            if losses.published(table, run.day):
                _carry_along(con, run, unjudged)
            write_parts(con, draft, "lines", COLUMNS, order=ORDER)
            written = sum(piece.rows for piece in draft.pieces)
    if run.slot in WITHIN_THE_DAY:
        with daybook.opened(table) as book:
            book.note(run.day)
    return written


def _carry_along(con: duckdb.DuckDBPyConnection, run: Run, unjudged: Sequence[int]) -> None:
    """Lines that this very run left when it was killed before are not among them: it is not published."""
    others = Run.objects.filter(day=run.day, slot=run.slot, state=Run.State.PUBLISHED).values_list("pk", flat=True)
    con.execute(
        f"""INSERT INTO lines SELECT {", ".join(COLUMNS)} FROM {relation(table_of(run.slot), [run.day])}
        WHERE run_id IN (SELECT unnest(?::BIGINT[]))""",
        [list(others)],
    )
    con.execute(
        f"""INSERT INTO lines SELECT {run.pk}, {SELECTED} FROM lines WHERE run_id <> {run.pk}
        AND version_id IN (SELECT unnest(?::BIGINT[]))""",
        [list(unjudged)],
    )


def _fetch(cursor: CursorWrapper, con: duckdb.DuckDBPyConnection, run: Run, file: Path) -> None:
    with file.open("w", encoding="utf-8") as out:
        cursor.copy_expert(COPY.format(run=run.pk), out)
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
    con.execute(
        f"CREATE TEMP TABLE lines AS SELECT * FROM read_csv('{file}', header = false, nullstr = '\\N', "
        f"auto_detect = false, delim = ',', quote = '\"', escape = '\"', columns = {{{columns}}})"
    )
    con.execute("UPDATE lines SET stopped_by = coalesce(stopped_by, ''), object_key = coalesce(object_key, '')")
