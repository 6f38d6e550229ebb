"""Temporary tables of rows that Python has: of User-Agents, regions, answers, links, and texts that were cleaned."""

import json
from collections.abc import Iterable, Sequence

import duckdb

from clients.lake import paths, scratch


def provide(
    con: duckdb.DuckDBPyConnection, name: str, columns: dict[str, str], rows: Iterable[Sequence[object]]
) -> None:
    """Make a temporary table of rows with these columns (name → DuckDB's type), in the place of one of this name."""
    with scratch.folder() as folder:
        file = folder / "rows.json"
        with file.open("w", encoding="utf-8") as out:
            for row in rows:
                out.write(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, default=str) + "\n")
        layout = ", ".join(f"\"{column}\": '{kind}'" for column, kind in columns.items())
        found = f"read_json({paths.quoted(file)}, format = 'newline_delimited', columns = {{{layout}}})"
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM {found}")
