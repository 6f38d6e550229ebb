"""Where hits stopped that the record does not keep, from the lines of the runs in the lake."""

from collections.abc import Sequence
from datetime import date, timedelta

import duckdb

from clients.lake import manifest as manifests
from clients.lake import paths
from clients.lake.reading import open_lake, relation
from kpm.strategies.services.lines import counted, table_of
from kpm.strategies.vocabulary import words


def furthest(client_ids: Sequence[int], *, since: date, until: date) -> dict[int, str]:
    """Return for clients with lines from day to day why the one that came furthest stopped, the newest of equals.

    Only lines of published runs are read.
    """
    tables = {table_of(slot): _days(table_of(slot), since, until) for slot in words().enums["schedule"]}
    if not client_ids or not any(tables.values()):
        return {}
    with open_lake() as con:
        runs = counted(since=since, until=until)
        return _ask(con, list(client_ids), runs, {table: days for table, days in tables.items() if days})


def _days(table: str, since: date, until: date) -> list[date]:
    days = (since + timedelta(days=n) for n in range((until - since).days + 1))
    return [day for day in days if manifests.read(table, day)]


def _ask(
    con: duckdb.DuckDBPyConnection, client_ids: list[int], runs: list[int], tables: dict[str, list[date]]
) -> dict[int, str]:
    parts = sorted({paths.bucket(pk) for pk in client_ids})
    lines = [
        f"SELECT run_id, client_id, stage, stopped_by, DATE '{day}' AS day FROM {relation(table, [day], part=part)}"
        for table, days in tables.items()
        for day in days
        for part in parts
    ]
    found = con.execute(
        f"""SELECT client_id, arg_max(stopped_by, {{'stage': stage, 'day': day, 'why': stopped_by}})
        FROM ({" UNION ALL ".join(lines)}) WHERE stopped_by <> '' AND client_id IN (SELECT unnest(?::BIGINT[]))
        AND run_id IN (SELECT unnest(?::BIGINT[])) GROUP BY client_id""",
        [client_ids, runs],
    )
    return dict(found.fetchall())
