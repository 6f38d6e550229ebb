"""Adding rows to a day as they come, each key once, and merging the pieces afterwards.

append("events", day, con, "fresh", key=("message_id",), order="client_id, message_id") -> rows added
compact("events", day, con, order="client_id, message_id") -> whether there was anything to merge
"""

from collections.abc import Sequence
from datetime import date

import duckdb

from clients.lake import daybook, losses
from clients.lake import manifest as manifests
from clients.lake.manifest import Manifest
from clients.lake.publishing import Draft, columns_of, write_parts, writing
from clients.lake.reading import relation


def append(table: str, day: date, con: duckdb.DuckDBPyConnection, rows: str, *, key: Sequence[str], order: str) -> int:
    """This will add the rows of a relation (a table, a view, a subquery in brackets) whose key the day lacks.

    Of rows with the same key the first one stays: the one in the lake, else the first by `order`, which must be a
    total order. The same rows again add nothing. A key of which a column is NULL is a key like any other. Appends of
    other processes wait; each row is written once, as a new piece. Returns how many rows were added. Raises LostDays
    when the day had rows that are no longer on disk: nothing behind the lake could bring them back.
    """
    with writing(table, day) as draft:
        published = losses.published(table, day)
        _keep_first(con, rows, key, order)
        if published:
            _drop_known(con, table, day, key)
        added = int(con.execute("SELECT count(*) FROM appended").fetchall()[0][0])
        _write(con, draft, published, added, order)
    _note(table, day)
    return added


def _note(table: str, day: date) -> None:
    """Put the day into the table's book. A table without one had days before: those on disk are all that is known."""
    with daybook.opened(table) as book:
        if not book.days:
            book.lost()
        book.note(day)


def _keep_first(con: duckdb.DuckDBPyConnection, rows: str, key: Sequence[str], order: str) -> None:
    names = ", ".join(f'"{name}"' for name in key)
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE appended AS SELECT * FROM {rows}
        QUALIFY row_number() OVER (PARTITION BY {names} ORDER BY {order}) = 1"""
    )


def _drop_known(con: duckdb.DuckDBPyConnection, table: str, day: date, key: Sequence[str]) -> None:
    same = " AND ".join(f'known."{name}" IS NOT DISTINCT FROM appended."{name}"' for name in key)
    con.execute(f"DELETE FROM appended USING {relation(table, [day])} known WHERE {same}")


def _write(con: duckdb.DuckDBPyConnection, draft: Draft, published: Manifest | None, added: int, order: str) -> None:
    columns = columns_of(con, "SELECT * FROM appended")
    if published is None:
        write_parts(con, draft, "appended", columns, order=order)
    elif not added or columns == dict(published.columns):
        draft.keep(published)
        if added:
            write_parts(con, draft, "appended", columns, order=order)
    else:  # the columns have changed within the day: all of it is written anew, in the columns of both
        both = f"(SELECT * FROM {relation(draft.table, [draft.day])} UNION ALL BY NAME SELECT * FROM appended)"
        write_parts(con, draft, both, columns_of(con, f"SELECT * FROM {both}"), order=order)


def compact(table: str, day: date, con: duckdb.DuckDBPyConnection, *, order: str) -> bool:
    """This will merge the pieces of a day into one file a part, sorted by `order`; False when each has one already."""
    with writing(table, day) as draft:
        published = losses.published(table, day)
        if published is None:
            raise manifests.NotPublished(f"There is no {table} of {day} to compact.")
        many = len(published.pieces) > len(published.parts)
        if many:
            write_parts(con, draft, relation(table, [day]), published.columns, order=order)
            draft.notes = published.notes
        else:
            draft.keep(published)
    _note(table, day)
    return many
