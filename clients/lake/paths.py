"""Where things lie in the lake.

A part is what belongs together of a table's day: a bucket of clients, or everything. It is one file, or, until it is
compacted, several pieces: `bucket=00`, `bucket=00.1`, `bucket=00.2`.
"""

import re
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

BUCKET_SIZE = 100_000
ALL = "all"  # the one file of a table whose rows belong to no client
ANON = "bucket=anon"  # rows of visitors whom nobody knows yet
MANIFEST = "manifest.json"
NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
PIECE = re.compile(r"(bucket=(?:\d{2,}|anon)|all)(?:\.\d+)?")


class BadName(ValueError):
    """A table or part that cannot be a folder or file of the lake."""


def bucket(client_id: int) -> str:
    """Return the part that holds a client's rows, by surrogate id."""
    return f"bucket={client_id // BUCKET_SIZE:02d}"


def root() -> Path:
    """Return the folder of the whole lake."""
    return Path(settings.LAKE_DIR)


def table_dir(table: str) -> Path:
    """Return the folder of a table; raises BadName unless it is lower-case letters, digits and underscores."""
    return Path(f"{settings.LAKE_DIR}/{_checked(table)}")


def day_dir(table: str, day: date) -> Path:
    """Return the folder of one day of a table."""
    return Path(_day(table, day))


def manifest_file(table: str, day: date) -> str:
    """Return the manifest of a table's day, as text: it is asked for thousands of times a night."""
    return f"{_day(table, day)}/{MANIFEST}"


def _day(table: str, day: date) -> str:
    return f"{settings.LAKE_DIR}/{_checked(table)}/day={day:%Y-%m-%d}"


@lru_cache(maxsize=1024)
def _checked(table: str) -> str:
    if not NAME.fullmatch(table):
        raise BadName(f"{table!r} cannot be a table of the lake: use lower-case letters, digits and underscores.")
    return table


@lru_cache(maxsize=4096)
def part_of(piece: str) -> str:
    """Return the part that a piece belongs to; raises BadName when it is none."""
    found = PIECE.fullmatch(piece)
    if found is None:
        raise BadName(f"{piece!r} is no part of a day: it is bucket=NN, {ANON} or {ALL}, and .1, .2 … for pieces.")
    return found[1]


def piece_file(folder: Path, piece: str) -> Path:
    """Return the file of a piece inside a version's folder."""
    part_of(piece)
    return folder / f"{piece}.parquet"


def quoted(path: Path) -> str:
    """Return a path as a DuckDB text literal."""
    return "'" + str(path).replace("'", "''") + "'"
