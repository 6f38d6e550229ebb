"""Good lines staged in PostgreSQL: temporary tables of this session, so that a killed import leaves nothing behind.

`intake_stage` holds the lines that passed the screen, `intake_bad` what is wrong with any line of the file, and the
view `intake_good` the staged lines with nothing against them.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import nullcontext, suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.db import Error, connection

from clients.intake.checks import Problem
from clients.intake.registry import Kind, Row
from clients.shared import clock

BATCH = 2000  # lines that are prepared in Python at once
TOKEN = re.compile(r"(?<!:):(now|today|low|high|has_\w+)\b")
TABLES = """
DROP VIEW IF EXISTS pg_temp.intake_good;
DROP TABLE IF EXISTS pg_temp.intake_stage, pg_temp.intake_bad;
"""
BAD = """
CREATE TEMPORARY TABLE intake_bad (
    line bigint, code text, col text, message text, grp text, nr bigint GENERATED ALWAYS AS IDENTITY
);
CREATE TEMPORARY VIEW intake_good AS
    SELECT s.* FROM intake_stage s WHERE NOT EXISTS (SELECT FROM intake_bad b WHERE b.line = s.line);
"""


class Staging:
    """The staged lines of one file, and what a kind's writer may do with them (`registry.Merge`)."""

    def __init__(self, kind: Kind, columns: frozenset[str], now: datetime, *, dry_run: bool = False) -> None:
        """`columns` are those the file speaks about; the others stay as they are in the record."""
        self.kind, self.columns, self.now, self.dry_run = kind, columns, now, dry_run
        self.notes: dict[str, int] = {}
        self._days: tuple[Any, Any] | None = None

    def __enter__(self) -> "Staging":
        fields = {column.name: column.pg_type for column in self.kind.columns if column.name not in self.kind.unstaged}
        self._fields = [*fields, *self.kind.staged] if self.kind.prepare else list(fields)
        listed = ", ".join(f'"{name}" {kind}' for name, kind in {**fields, **self.kind.staged}.items())
        self.run(f"{TABLES} CREATE TEMPORARY TABLE intake_stage (line bigint, {listed}); {BAD}")
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        with suppress(Error) if kind else nullcontext():  # a lost connection took the tables with it
            self.run(TABLES)

    def take(self, good: Path) -> None:
        """Stage the good lines of one piece (CSV: line, then the kind's columns in order)."""
        with good.open("r", encoding="utf-8", newline="") as lines:
            if self.kind.prepare is None:
                self._copy("intake_stage", ["line", *self._fields], lines)
            else:
                self._prepared(csv.reader(lines))

    def reject(self, problems: Iterable[Problem]) -> None:
        """Write down what is wrong with lines."""
        rows = [(p.line, p.code, p.column, p.message, p.group) for p in problems]
        if rows:
            self._copy("intake_bad", ["line", "code", "col", "message", "grp"], _csv(rows))

    def run(self, sql: str) -> int:
        """Run SQL with its tokens filled in; the number of rows the (last) statement touched."""
        with connection.cursor() as cursor:
            cursor.execute(self.filled(sql))
            return int(cursor.rowcount)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run one query and return its rows."""
        with connection.cursor() as cursor:
            cursor.execute(self.filled(sql))
            return list(cursor.fetchall())

    def copy_out(self, sql: str, target: Path) -> None:
        """Write the rows of a query to a CSV file with a header."""
        with connection.cursor() as cursor, target.open("wb") as out, connection.wrap_database_errors:
            cursor.copy_expert(f"COPY ({self.filled(sql)}) TO STDOUT (FORMAT csv, HEADER)", out)

    def note(self, text: str, count: int = 1) -> None:
        """Count something worth saying that is no rejection."""
        if count > 0:
            self.notes[text] = self.notes.get(text, 0) + count

    def filled(self, sql: str) -> str:
        """Replace `:now`, `:today`, `:low` and `:high` (first and last day in the file), `:has_COLUMN` by literals."""
        return TOKEN.sub(lambda found: self._literal(found[1]), sql)

    def _literal(self, name: str) -> str:
        if name.startswith("has_"):
            return "true" if name.removeprefix("has_") in self.columns else "false"
        if name == "now":
            return f"timestamptz '{self.now.isoformat()}'"
        if name == "today":
            return f"date '{clock.shanghai_day(self.now)}'"
        if self._days is None:
            self._days = self.rows("SELECT min(day), max(day) FROM intake_stage")[0]
        day = self._days[0 if name == "low" else 1]
        return f"date '{day}'" if day else "NULL::date"

    def _prepared(self, lines: Iterator[list[str]]) -> None:
        assert self.kind.prepare is not None
        names = ["line", *(column.name for column in self.kind.columns)]
        while batch := [_row(names, line) for line in islice(lines, BATCH)]:
            problems = list(self.kind.prepare(batch, self.note))
            self.reject(problems)
            bad = {problem.line for problem in problems}
            kept = [[row.get(name) for name in ("line", *self._fields)] for row in batch if row["line"] not in bad]
            self._copy("intake_stage", ["line", *self._fields], _csv(kept))

    def _copy(self, table: str, names: list[str], lines: IO[str]) -> None:
        listed = ", ".join(f'"{name}"' for name in names)
        with connection.cursor() as cursor, connection.wrap_database_errors:
            cursor.copy_expert(f"COPY {table} ({listed}) FROM STDIN (FORMAT csv, NULL '')", lines)


def _row(names: list[str], values: list[str]) -> Row:
    row: Row = {name: value or None for name, value in zip(names, values, strict=True)}
    return row | {"line": int(values[0])}


def _csv(rows: Iterable[Iterable[Any]]) -> IO[str]:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    text.seek(0)
    return text
