"""Publishing a table's day: write beside, fsync, rename, swap the manifest. Whole or not at all.

    with writing("trades", day) as draft:
        draft.write(con, "bucket=00", "SELECT …")

A writer holds the day's lock from beginning to end, so of two writers the last whole one wins and an append loses
nothing; the kernel frees the lock of a killed one, and the next writer removes what it left. Readers take no lock:
they open the files that the manifest named when their query began. Those stay until GRACE has passed since they were
superseded, and a publish leaves the version before it alone in any case.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from clients.lake import locks, paths
from clients.lake import manifest as manifests
from clients.lake.manifest import Manifest, Piece

GRACE = timedelta(hours=1)
DRAFT = ".writing"
LOCK = ".lock"
COPY_OPTIONS = "FORMAT parquet, COMPRESSION zstd"


class NothingWritten(ValueError):
    """A draft without a single piece: even a day without rows has an empty one that tells its columns."""


class Draft:
    """A version being written; it becomes visible when the `writing` block ends well."""

    def __init__(self, table: str, day: date, folder: Path) -> None:
        self.table, self.day, self.folder = table, day, folder
        self.columns: Mapping[str, str] = {}
        self.notes: Mapping[str, Any] = {}
        self.pieces: list[Piece] = []

    def write(self, con: duckdb.DuckDBPyConnection, part: str, sql: str) -> int:
        """Write the rows of a SELECT as the next piece of a part, in the order it gives them; the number of rows."""
        number = sum(paths.part_of(piece.name) == part for piece in self.pieces)
        name = f"{part}.{number}" if number else part
        file = paths.piece_file(self.folder, name)
        self.columns = columns_of(con, sql)
        con.execute(f"COPY ({sql}) TO {paths.quoted(file)} ({COPY_OPTIONS})")
        rows = int(con.fetchall()[0][0])
        manifests.sync(file)
        self.pieces.append(Piece(name, rows, file.stat().st_size, _digest(file)))
        return rows

    def keep(self, published: Manifest) -> None:
        """Take over all pieces of a published version without copying them: both folders name the same file."""
        for piece, file in zip(published.pieces, published.files(), strict=True):
            os.link(file, paths.piece_file(self.folder, piece.name))
        self.pieces += published.pieces
        self.columns, self.notes = published.columns, published.notes


def columns_of(con: duckdb.DuckDBPyConnection, sql: str) -> dict[str, str]:
    """Return the columns of a SELECT with their DuckDB types."""
    return {row[0]: row[1] for row in con.execute(f"DESCRIBE {sql}").fetchall()}


def write_parts(con: duckdb.DuckDBPyConnection, draft: Draft, rows: str, columns: Iterable[str], *, order: str) -> None:
    """Write the rows of a relation into the parts they belong to, those of no client into one.

    `order` must be a total order: then the same rows are the same bytes, and so the same version.
    """
    listed = [f'"{name}"' for name in columns]
    for part, where in _parts(con, rows) if '"client_id"' in listed else [(paths.ALL, "TRUE")]:
        draft.write(con, part, f"SELECT {', '.join(listed)} FROM {rows} WHERE {where} ORDER BY {order}")


def _parts(con: duckdb.DuckDBPyConnection, rows: str) -> list[tuple[str, str]]:
    """The parts that rows fall into, each with its condition; one empty part when there are no rows."""
    found = con.execute(f"SELECT DISTINCT client_id // {paths.BUCKET_SIZE} FROM {rows} ORDER BY 1").fetchall()
    return [_part(number) for (number,) in found] or [_part(0)]


def _part(number: int | None) -> tuple[str, str]:
    """A part and its condition, as a range: cheaper for every row than its number."""
    if number is None:
        return paths.ANON, "client_id IS NULL"
    first = number * paths.BUCKET_SIZE
    return paths.bucket(first), f"client_id >= {first} AND client_id < {first + paths.BUCKET_SIZE}"


@contextmanager
def writing(table: str, day: date) -> Iterator[Draft]:
    """Lend a draft of a table's day and publish it when the block ends; an exception publishes nothing."""
    home = paths.day_dir(table, day)
    with locks.held(home / LOCK):
        folder = home / DRAFT
        shutil.rmtree(folder, ignore_errors=True)  # of a writer that was killed: we hold the lock, so it is gone
        folder.mkdir()
        try:
            draft = Draft(table, day, folder)
            yield draft
            _publish(draft)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _publish(draft: Draft) -> None:
    if not draft.pieces:
        raise NothingWritten(f"Nothing was written for {draft.table} of {draft.day}.")
    before = manifests.whole(draft.table, draft.day)  # what is damaged gives way like what is not there
    after = _manifest(draft, before)
    _settle(draft, after)
    if after == before:
        return
    if before and before.version != after.version:
        os.utime(manifests.version_dir(draft.table, draft.day, before.version))  # superseded from now on
    manifests.write(after)
    _sweep(draft.table, draft.day, keep=(after.version, after.previous))


def _manifest(draft: Draft, before: Manifest | None) -> Manifest:
    pieces = tuple(sorted(draft.pieces, key=lambda piece: piece.name))
    version = manifests.version_of(draft.columns, pieces)
    same = before is not None and before.version == version
    previous = "" if before is None else before.previous if same else before.version
    return Manifest(draft.table, draft.day, version, previous, draft.columns, pieces, draft.notes)


def _settle(draft: Draft, after: Manifest) -> None:
    """Give the draft its place; a version of these very bytes may be there already."""
    place = manifests.version_dir(draft.table, draft.day, after.version)
    if after.complete:
        return
    shutil.rmtree(place, ignore_errors=True)
    manifests.sync(draft.folder)
    draft.folder.rename(place)
    manifests.sync(place.parent)


def tidy(table: str, days: Iterable[date]) -> None:
    """Remove superseded versions of these days that are older than GRACE, to give their space back."""
    for day in days:
        found = manifests.whole(table, day)
        if found:
            with locks.held(paths.day_dir(table, day) / LOCK):
                _sweep(table, day, keep=(found.version,))


def _sweep(table: str, day: date, *, keep: tuple[str, ...]) -> None:
    """Remove versions that no query can have open any more. Ages are the file system's: no clock of ours is asked."""
    home = paths.day_dir(table, day)
    os.utime(home / LOCK)
    now = (home / LOCK).stat().st_mtime
    for folder in home.glob("v=*"):
        old = now - folder.stat().st_mtime > GRACE.total_seconds()
        if old and folder.name.removeprefix("v=") not in keep:
            shutil.rmtree(folder)


def _digest(file: Path) -> str:
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def notes_of(table: str, day: date) -> Mapping[str, Any]:
    """Return what the writer of the published version noted, empty when there is none."""
    found = manifests.read(table, day)
    return found.notes if found else {}
