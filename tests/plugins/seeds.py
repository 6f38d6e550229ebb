"""Rows that migrations write (calendar, rules, answers) survive the tests that commit.

Django empties every table after such a test, the seeds too, and the next test would find a house without a
calendar. Here the seeds are copied once into a schema of their own; afterwards only tables that a test wrote to are
emptied, and the seeds come back when one of them changed.
"""

from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

COPIES = "seeds"
KEPT = {"django_migrations"}


def remember() -> None:
    """Copy every table that has rows after the migrations."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {COPIES} CASCADE; CREATE SCHEMA {COPIES}")
        for table in _with_rows(cursor, _tables(cursor)):
            cursor.execute(f"CREATE TABLE {COPIES}.{table} AS TABLE public.{table}")


@transaction.atomic
def put_back(*_args: Any) -> None:
    """Leave the database as the migrations left it."""
    with connection.cursor() as cursor:
        tables, seeds = _tables(cursor), _seeds(cursor)
        changed = [table for table in seeds if not _same(cursor, table)]
        written = [table for table in tables if table not in seeds]
        if not changed and not _with_rows(cursor, written):
            return
        # All of them together: a table with rows may be referenced by an empty one, and by a seed.
        empty = {*written, *_leaning(cursor, [*written, *changed])} & set(tables)
        cursor.execute(f"TRUNCATE {', '.join(sorted(empty))}")
        for table in seeds:
            if table in empty:
                cursor.execute(f"INSERT INTO public.{table} SELECT * FROM {COPIES}.{table}")


def _leaning(cursor: CursorWrapper, tables: list[str]) -> list[str]:
    """These tables and all that refer to them, directly or not: they can only be emptied together."""
    cursor.execute(
        "WITH RECURSIVE leaning(name) AS (SELECT unnest(%s::text[]) UNION SELECT c.conrelid::regclass::text"
        " FROM pg_constraint c JOIN leaning ON c.confrelid = leaning.name::regclass WHERE c.contype = 'f')"
        " SELECT name FROM leaning",
        [tables],
    )
    return [name for (name,) in cursor.fetchall()]


def _tables(cursor: CursorWrapper) -> list[str]:
    cursor.execute(
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
        " AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1"
    )
    return [name for (name,) in cursor.fetchall() if name not in KEPT]


def _seeds(cursor: CursorWrapper) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [COPIES])
    return [name for (name,) in cursor.fetchall()]


def _with_rows(cursor: CursorWrapper, tables: list[str]) -> list[str]:
    cursor.execute(
        " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM public.{table})" for table in tables)
    )
    return [name for (name,) in cursor.fetchall()]


def _same(cursor: CursorWrapper, table: str) -> bool:
    sums = "(SELECT (count(*), sum(hashtext(t::text)::bigint))::text FROM {}.{} t)"
    cursor.execute(f"SELECT {sums.format('public', table)} = {sums.format(COPIES, table)}")
    return bool(cursor.fetchone()[0])
