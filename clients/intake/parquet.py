"""Parquet files, read as if they were CSV with a header: row 1 is line 2."""

from pathlib import Path

import duckdb

from clients.intake.casting import quoted
from clients.intake.cleaning import RS
from clients.intake.opening import BadFile


def to_csv(source: Path, target: Path) -> None:
    """Write a Parquet file as CSV, streaming; nested columns become JSON. Raises BadFile when it is none."""
    with duckdb.connect(config={"threads": 1, "memory_limit": "400MB"}) as db:
        try:
            db.execute(f"SET temp_directory = {quoted(str(target.parent))}; SET TimeZone = 'Asia/Shanghai'")
            table = f"read_parquet({quoted(str(source))})"
            columns = db.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()
            texts = ", ".join(_text(name, kind) for name, kind, *_ in columns)
            db.execute(f"COPY (SELECT {texts} FROM {table}) TO {quoted(str(target))} (FORMAT csv, HEADER)")
        except duckdb.Error as error:
            raise BadFile(f"{source.name} is no readable Parquet file: {str(error).splitlines()[0]}") from error


def _text(name: str, kind: str) -> str:
    column = '"' + name.replace('"', '""') + '"'
    if kind.startswith(("STRUCT", "MAP")) or kind.endswith("]"):
        return f"CAST(to_json({column}) AS VARCHAR) AS {column}"
    if kind in ("DOUBLE", "FLOAT"):  # as text a float may come with an exponent
        return f"CAST(TRY_CAST({column} AS DECIMAL(38,8)) AS VARCHAR) AS {column}"
    return f"replace(CAST({column} AS VARCHAR), chr(10), '{RS}') AS {column}"
