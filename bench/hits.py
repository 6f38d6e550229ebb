"""The peer of COPY: the same hits into the same table by Django's `bulk_create`.

Both begin with the rows in DuckDB, where matching leaves them, and end with every key checked; both are rolled back.
"""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb
from django.db import connection, transaction

from bench.steps import Steps
from clients.lake import paths
from clients.lake.reading import open_lake
from kpm.strategies.models import Hit

MOST = 100_000
BATCH = 5_000
KINDS = {
    "DateField": "DATE", "DateTimeField": "VARCHAR", "BooleanField": "BOOLEAN", "FloatField": "DOUBLE",
    "UUIDField": "UUID", "CharField": "VARCHAR", "JSONField": "VARCHAR",
}  # fmt: skip
FIELDS = Hit._meta.concrete_fields
COLUMNS = {field.column: KINDS.get(field.get_internal_type(), "BIGINT") for field in FIELDS}
LISTED = ", ".join(COLUMNS)
CSV = "FORMAT csv, NULL '\\N'"


def compare(steps: Steps) -> int:
    """Write the newest hits of the record (at most MOST) again, as `copy_hits` and `bulk_create_hits`; the rows."""
    with tempfile.TemporaryDirectory() as folder, open_lake() as con:
        file = Path(folder) / "hits.csv"
        rows = _fetch(con, file)
        _measured(steps, "copy_hits", lambda: _copy(con, file))
        _measured(steps, "bulk_create_hits", lambda: _create(con))
    return rows


def _fetch(con: duckdb.DuckDBPyConnection, file: Path) -> int:
    with connection.cursor() as cursor, file.open("w", encoding="utf-8") as out:
        newest = f"SELECT {LISTED} FROM strategies_hit ORDER BY id DESC LIMIT {MOST}"
        cursor.copy_expert(f"COPY ({newest}) TO STDOUT WITH ({CSV})", out)
    con.execute(
        f"CREATE TEMP TABLE hits AS SELECT * FROM read_csv({paths.quoted(file)}, header = false, auto_detect = false,"
        f" delim = ',', quote = '\"', escape = '\"', nullstr = '\\N', columns = {COLUMNS})"
    )
    return int(con.execute("SELECT count(*) FROM hits").fetchall()[0][0])


def _measured(steps: Steps, name: str, write: Callable[[], None]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE strategies_hit CASCADE")
        with steps.step(name):
            write()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def _copy(con: duckdb.DuckDBPyConnection, file: Path) -> None:
    con.execute(f"COPY hits TO {paths.quoted(file)} (HEADER false, NULLSTR '\\N')")
    with connection.cursor() as cursor, file.open(encoding="utf-8") as lines:
        cursor.copy_expert(f"COPY strategies_hit ({LISTED}) FROM STDIN WITH ({CSV})", lines)


def _create(con: duckdb.DuckDBPyConnection) -> None:
    fields = [field.attname for field in FIELDS]
    con.execute("SELECT * FROM hits")
    while rows := con.fetchmany(BATCH):
        named = (dict(zip(fields, row, strict=True)) for row in rows)
        Hit.objects.bulk_create(Hit(**{**row, "evidence": json.loads(row["evidence"])}) for row in named)
