"""Copying the record into the lake, day by day, in bounded memory.

    mirror_day(day=day, cutoff=cutoff) -> {table: rows of that day}

PostgreSQL's COPY streams into a file, DuckDB reads it typed, and each touched day is published whole. Doing it again
gives the same files: a day is taken from the record as a whole, and the daybook's mark of what was copied moves only
after its days are published, so that a killed mirror takes them up again. Days that are no longer whole on disk are
copied again; those that the record cannot give in full any more raise LostDays, when all else is copied.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from clients.lake import daybook, losses, paths, registry, scratch
from clients.lake.daybook import Daybook, Entry
from clients.lake.publishing import Draft, tidy, write_parts, writing
from clients.lake.reading import empty, open_lake, relation
from clients.lake.registry import Keeping, Mirror

ROWS_AT_ONCE = 2_000_000
NEWEST = 2**63 - 1  # no id is greater
TIDIED = 8  # natural days whose superseded versions are removed: older ones are hardly ever written again
CSV = r"""auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', nullstr = '\N',
allow_quoted_nulls = false"""


def mirror_day(*, day: date, cutoff: datetime, tables: Iterable[str] | None = None) -> dict[str, int]:
    """This will bring the lake up to the record: the snapshots of `day` as known at `cutoff`, and all new rows.

    Facts that arrived for earlier days join those days. Rows that arrived after the cutoff may be copied too: readers
    leave them out by `arrived_at`. Returns the rows of `day` by table. Raises LostDays for days, of appended tables
    too, that were published and cannot be had again; OtherRecord when the lake was filled from another database.
    """
    wanted = None if tables is None else set(tables)
    chosen = [mirror for mirror in registry.mirrors() if wanted is None or mirror.table in wanted]
    rows, tally = {}, losses.Tally()
    with open_lake() as con:
        for mirror in chosen:
            with tally.gathering():
                rows[mirror.table] = _mirror_table(con, mirror, day, cutoff)
    if wanted is None:
        with tally.gathering():
            losses.refuse_appended(mirrored=[mirror.table for mirror in chosen])
    tally.refuse()
    for table in rows:
        tidy(table, [day - timedelta(days=back) for back in range(TIDIED)])
    return rows


def cutoff_note(cutoff: datetime) -> dict[str, str]:
    """Return what a snapshot notes of its cutoff: the same moment is the same note in every time zone."""
    if cutoff.tzinfo is None:
        raise ValueError(f"{cutoff} has no time zone; give an aware moment")
    return {"cutoff": cutoff.astimezone(UTC).isoformat()}


def _mirror_table(con: duckdb.DuckDBPyConnection, mirror: Mirror, day: date, cutoff: datetime) -> int:
    # Two mirrors at once would let the one that read earlier publish later: the book is lent to one at a time.
    with daybook.opened(mirror.table) as book:
        if mirror.keeping is Keeping.SNAPSHOT:
            _snapshots(con, mirror, book, day, cutoff)
        else:
            _new_rows(con, mirror, book, day, cutoff)
        return book.days[day].rows


def _snapshots(con: duckdb.DuckDBPyConnection, mirror: Mirror, book: Daybook, day: date, cutoff: datetime) -> None:
    """The snapshot of the day, and lost ones again: the history of the record gives each for its own cutoff."""
    notes = cutoff_note(cutoff)
    gone = book.lost()
    given = {
        one: _snapshot(con, mirror, book, one, known) for one, known in gone.items() if known.cutoff and one != day
    }
    losses.refuse(mirror.table, {one: known for one, known in gone.items() if one != day}, given)
    if day in gone or day not in book.days or book.days[day].cutoff != notes["cutoff"]:
        _snapshot(con, mirror, book, day, Entry(rows=0, cutoff=notes["cutoff"]))


def _snapshot(con: duckdb.DuckDBPyConnection, mirror: Mirror, book: Daybook, day: date, known: Entry) -> int:
    """Publish the state at a cutoff unless it has fewer rows than are known to have been there; how many it has."""
    _fetch(con, mirror, {"day": day, "cutoff": datetime.fromisoformat(known.cutoff)})
    rows = int(con.execute("SELECT count(*) FROM fetched").fetchall()[0][0])
    if rows >= known.rows:
        with writing(mirror.table, day) as draft:
            draft.notes = {"cutoff": known.cutoff}
            _write(con, draft, mirror, "fetched")
        book.note(day)
    return rows


def _new_rows(con: duckdb.DuckDBPyConnection, mirror: Mirror, book: Daybook, day: date, now: datetime) -> None:
    touched, newest = _touched(mirror, book.id)
    if book.id and not book.days:
        book.days |= _copied(mirror, book.id)
    dropped = _dropped(mirror)
    book.days |= dict.fromkeys(dropped - book.days.keys(), daybook.UNKNOWN)
    gone = book.lost()
    given = _given(mirror, gone.keys() - dropped, book.id)
    losses.refuse(mirror.table, gone, given)  # the rest of the table waits too: its days would hide the gap
    for one in {day} - book.days.keys() | gone.keys():
        touched[one] = touched.get(one, 0) + given.get(one, 0)
    for days in _portions(touched):
        _fetch(con, mirror, {"days": days})
        for one in days:
            _publish(con, mirror, one, now, lost=one in gone)
            book.note(one)
    book.id = newest


def _copied(mirror: Mirror, last: int) -> dict[date, Entry]:
    """The days that the first form of the book did not name: all that the record had up to that id were copied."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT {mirror.day_sql} FROM {mirror.source} WHERE id <= %s", [last])
        return {day: Entry(rows=0) for (day,) in cursor.fetchall()}


def _dropped(mirror: Mirror) -> set[date]:
    """The days that the record has let go because the lake has them: known even when the whole lake is gone."""
    if not mirror.dropped:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(mirror.dropped)
        return {day for (day,) in cursor.fetchall()}


def _given(mirror: Mirror, days: Iterable[date], last: int) -> dict[date, int]:
    """How many rows the record still has of these days.

    Where rows are replaced, newer ones do not make up for those that the lake had.
    """
    until = last if last and mirror.keeping is Keeping.REPLACED else NEWEST
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {mirror.day_sql}, count(*) FROM {mirror.source} WHERE {mirror.day_sql} = ANY(%s) AND id <= %s"
            " GROUP BY 1",
            [list(days), until],
        )
        return dict(cursor.fetchall())


class OtherRecord(Exception):
    """The lake was filled from another database than this one."""


@transaction.atomic
def _touched(mirror: Mirror, last: int) -> tuple[dict[date, int], int]:
    """Days with rows newer than `last` (and how many), and the newest id.

    Ids are given in the order of the INSERTs, not of the COMMITs. The lock waits until every writer in flight is done,
    so no row with a smaller id can appear afterwards and be missed for ever.
    """
    with connection.cursor() as cursor:
        _same_record(cursor, mirror, last)
        cursor.execute(f"LOCK TABLE {mirror.source} IN SHARE MODE")
        cursor.execute(
            f"SELECT {mirror.day_sql}, count(*), max(id) FROM {mirror.source} WHERE id > %s GROUP BY 1", [last]
        )
        rows = cursor.fetchall()
    return {day: count for day, count, _id in rows}, max([last, *(newest for _day, _count, newest in rows)])


def _same_record(cursor: CursorWrapper, mirror: Mirror, last: int) -> None:
    """A new database counts from one again: its rows would be taken for known ones, and be missing for ever."""
    cursor.execute("SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass)", [mirror.source])
    newest = cursor.fetchone()[0]
    if (newest or 0) < last:
        raise OtherRecord(
            f"The lake in {paths.root()} has rows of {mirror.source} up to number {last}, but this database has given "
            f"out only {newest or 0}: it is another one. Give each database a LAKE_DIR of its own."
        )


def _portions(touched: dict[date, int]) -> Iterator[list[date]]:
    """Days in portions of about ROWS_AT_ONCE rows, oldest first: years of history come in a few hundred queries."""
    portion: list[date] = []
    rows = 0
    for day in sorted(touched):
        if portion and rows + touched[day] > ROWS_AT_ONCE:
            yield portion
            portion, rows = [], 0
        portion.append(day)
        rows += touched[day]
    if portion:
        yield portion


def _fetch(con: duckdb.DuckDBPyConnection, mirror: Mirror, params: dict[str, Any]) -> None:
    """Bring rows of the record into the temporary table `fetched`."""
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in mirror.columns.items())
    with scratch.folder() as folder:
        file = folder / "rows.csv"
        _copy_out(file, mirror.sql, params)
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE fetched AS "
            f"SELECT * FROM read_csv({paths.quoted(file)}, {CSV}, columns = {{{types}}})"
        )


def _copy_out(file: Path, sql: str, params: dict[str, Any]) -> None:
    with connection.cursor() as cursor, file.open("wb") as out:
        bound = cursor.mogrify(sql, params).decode()
        cursor.copy_expert(f"COPY ({bound}) TO STDOUT WITH (FORMAT csv, NULL '\\N')", out)


def _publish(con: duckdb.DuckDBPyConnection, mirror: Mirror, day: date, now: datetime, *, lost: bool) -> None:
    rows = f"(SELECT * FROM fetched WHERE day = DATE '{day}')"
    with writing(mirror.table, day) as draft:
        if mirror.keeping is Keeping.REPLACED:
            columns = registry.columns(mirror.table) or mirror.columns
            old = empty(columns) if lost else relation(mirror.table, [day])
            rows = _with_replaced(con, mirror, rows, old, _gone_at(mirror, day, now))
        _write(con, draft, mirror, rows)


def _with_replaced(con: duckdb.DuckDBPyConnection, mirror: Mirror, rows: str, old: str, gone_at: str) -> str:
    """Rows of the record now, and rows that the record replaced and the lake has (`old`): kept, with that moment.

    A day that the record no longer holds at all was dropped, not replaced: the lake's rows stay as they are. Rows
    without a successor in their scope went at `gone_at` (SQL).
    """
    if not con.execute(f"SELECT count(*) FROM {rows}").fetchall()[0][0]:
        return old
    return f"""(SELECT *, CAST(NULL AS TIMESTAMPTZ) AS replaced_at FROM {rows} UNION ALL BY NAME
        SELECT old.* REPLACE (coalesce(old.replaced_at, newer.arrived_at, {gone_at}) AS replaced_at)
        FROM {old} old LEFT JOIN (
            SELECT {mirror.scope} AS scope, min(arrived_at) AS arrived_at FROM {rows}
            WHERE id NOT IN (SELECT id FROM {old}) GROUP BY ALL) newer ON newer.scope = old.{mirror.scope}
        WHERE old.id NOT IN (SELECT id FROM {rows}))"""


def _gone_at(mirror: Mirror, day: date, now: datetime) -> str:
    """When rows without a successor went: never, on a day that the record let go and a late file brings back partly."""
    return "CAST(NULL AS TIMESTAMPTZ)" if day in _dropped(mirror) else f"TIMESTAMPTZ '{now.isoformat()}'"


def _write(con: duckdb.DuckDBPyConnection, draft: Draft, mirror: Mirror, rows: str) -> None:
    """Write rows into their parts, each in a total order, so that the same rows are the same bytes."""
    columns = registry.columns(mirror.table) or mirror.columns
    write_parts(con, draft, rows, columns, order="client_id, id" if mirror.by_client else "id")
