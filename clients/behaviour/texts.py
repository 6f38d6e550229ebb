"""Texts that many events share, each looked at once: where they were done, by which program, and who did them.

    look(con)      # of the lines in `came`: the temporary tables `contexts`, `named_badly`, `agents` and `regions`

A branch's events have a few thousand contexts and User-Agents among millions; what is told by looking is joined.
"""

from collections.abc import Iterator

import duckdb

from clients.behaviour import agents, cleaning, regions, tables

UNCLEAN = "cannot be cleaned"
AT_ONCE = 100_000  # texts that are in Python's memory together
HARMLESS = {"n": "BIGINT", "text": "VARCHAR", "fault": "VARCHAR"}
CONTEXTS = f"""
    CREATE OR REPLACE TEMP TABLE contexts AS SELECT context, context AS text,
        starts_with(context, '{{') AS whole, {cleaning.suspicious("context")} AS suspect, CAST(NULL AS VARCHAR) AS fault
    FROM (SELECT DISTINCT context FROM came WHERE context IS NOT NULL)
"""
READ = """
    CREATE OR REPLACE TEMP TABLE contexts AS SELECT context, text, whole, fault,
        json_extract_string(text, '$.channel') AS channel, json_extract_string(text, '$.device.type') AS device,
        json_extract_string(text, '$.location.city') AS city FROM contexts
"""
NAMED_BADLY = f"""
    CREATE OR REPLACE TEMP TABLE named_badly AS
    SELECT text FROM (SELECT anonymous_id AS text FROM came UNION SELECT event FROM came)
    WHERE {cleaning.names_somebody("text")}
"""
SUSPECTED = "SELECT rowid, {column} FROM {table} WHERE {where} AND rowid >= ? AND rowid < ?"


def look(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of what the lines in `came` share."""
    con.execute(CONTEXTS)
    clean(con, "contexts", "text", where="suspect")
    con.execute(READ)
    con.execute(NAMED_BADLY)
    agents.provide(con, "SELECT DISTINCT agent FROM came WHERE refused IS NULL")
    regions.provide(con, "SELECT DISTINCT ip FROM came WHERE refused IS NULL")


def clean(con: duckdb.DuckDBPyConnection, table: str, column: str, *, where: str) -> None:
    """Take out of a table's texts what does not belong into the lake; `fault` says of which that cannot be done."""
    last = con.execute(f"SELECT max(rowid) FROM {table} WHERE {where}").fetchall()[0][0]
    for first in range(0, -1 if last is None else last + 1, AT_ONCE):
        sql = SUSPECTED.format(table=table, column=column, where=where)
        rows = con.execute(sql, [first, first + AT_ONCE]).fetchall()
        tables.provide(con, "harmless", HARMLESS, _harmless(rows))
        con.execute(f"UPDATE {table} SET {column} = h.text, fault = h.fault FROM harmless h WHERE {table}.rowid = h.n")


def _harmless(rows: list[tuple[int, str]]) -> Iterator[tuple[int, str | None, str | None]]:
    for number, text in rows:
        try:
            yield number, cleaning.cleaned(text, _unheard), None
        except (RecursionError, ValueError):  # nested too deep, or numbers that are none
            yield number, None, UNCLEAN


def _unheard(text: str, count: int) -> None:
    """Nobody waits for a report on events of the collector."""
