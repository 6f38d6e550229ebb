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
    total order. The relation is read several times. The same rows again add nothing. A key of which a column is NULL is
    a key like any other. Appends of other processes wait; each row is written once, as a new piece. Returns how many
    rows were added. Raises LostDays when the day had rows that are no longer on disk: nothing behind the lake could
    bring them back.
    """
    with writing(table, day) as draft:
        published = losses.published(table, day)
        new = _new(con, rows, key, order, known=relation(table, [day]) if published else "")
        added = int(con.execute(f"SELECT count(*) FROM {new}").fetchall()[0][0])
        _write(con, draft, published, new, added, order)
    _note(table, day)
    return added


def _note(table: str, day: date) -> None:
    """Put the day into the table's book. A table without one had days before: those on disk are all that is known."""
    with daybook.opened(table) as book:
        if not book.days:
            book.lost()
        book.note(day)


def _new(con: duckdb.DuckDBPyConnection, rows: str, key: Sequence[str], order: str, *, known: str) -> str:
    """The rows to be written: those given, when their keys are all new, as they nearly always are; else a copy."""
    names = ", ".join(f'"{name}"' for name in key)
    many, keys = con.execute(f"SELECT count(*), count(DISTINCT ({names})) FROM {rows}").fetchall()[0]
    if many == keys and not (known and _any_known(con, rows, known, key)):
        return rows
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE appended AS SELECT * FROM {rows}
        QUALIFY row_number() OVER (PARTITION BY {names} ORDER BY {order}) = 1"""
    )
    if known:
        con.execute(f"DELETE FROM appended AS rows USING {known} known WHERE {_same(key)}")
    return "appended"


def _any_known(con: duckdb.DuckDBPyConnection, rows: str, known: str, key: Sequence[str]) -> bool:
    found = con.execute(f"SELECT 1 FROM {rows} AS rows SEMI JOIN {known} AS known ON {_same(key)} LIMIT 1")
    return found.fetchone() is not None


def _same(key: Sequence[str]) -> str:
    return " AND ".join(f'known."{name}" IS NOT DISTINCT FROM rows."{name}"' for name in key)


def _write(
    con: duckdb.DuckDBPyConnection, draft: Draft, published: Manifest | None, new: str, added: int, order: str
) -> None:
    columns = columns_of(con, f"SELECT * FROM {new}")
    if published is None:
        write_parts(con, draft, new, columns, order=order)
    elif not added or columns == dict(published.columns):
        draft.keep(published)
        if added:
            write_parts(con, draft, new, columns, order=order)
    else:  # the columns have changed within the day: all of it is written anew, in the columns of both
        both = f"(SELECT * FROM {relation(draft.table, [draft.day])} UNION ALL BY NAME SELECT * FROM {new})"
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
