"""Copies of the invented branch what judging needs into the record: people, what they agreed to, and their accounts."""

import tempfile
from pathlib import Path

import duckdb
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from bench.population.lakes import Population
from clients.lake import paths
from clients.lake.reading import open_lake, view

RECORD = Path(__file__).resolve().parent / "record"
# In the order of their keys; the lake's tables that their SELECTs read.
TABLES = (
    "org_branch", "org_user", "org_staff", "org_staffrole", "org_licence", "register_client", "register_account",
    "register_riskassessment", "register_consent", "register_contacthold", "register_contactpreference",
    "register_touch",
)  # fmt: skip
STATES = ("clients", "accounts", "assessments", "consents")


def write_record(population: Population) -> dict[str, int]:
    """This will copy the branch into the record in one transaction; the rows by table."""
    with open_lake() as con, transaction.atomic(), connection.cursor() as cursor:
        population.prepare(con)
        for table in STATES:
            view(con, table, [population.day])
        view(con, "touches", population.past)
        cursor.execute("SET LOCAL session_replication_role = replica")  # no history: that is the importer's matter
        rows = {table: _copy(con, cursor, table) for table in TABLES}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return rows


def _copy(con: duckdb.DuckDBPyConnection, cursor: CursorWrapper, table: str) -> int:
    sql = (RECORD / f"{table}.sql").read_text(encoding="utf-8")
    columns = ", ".join(f'"{row[0]}"' for row in con.execute(f"DESCRIBE {sql}").fetchall())
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        con.execute(f"COPY ({sql}) TO {paths.quoted(file)} (HEADER false, NULLSTR '\\N')")
        with file.open(encoding="utf-8") as lines:
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN WITH (FORMAT csv, NULL '\\N')", lines)
    return int(cursor.rowcount)
