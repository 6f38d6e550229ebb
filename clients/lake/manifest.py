"""The manifest of a table's day: which files are the published version. Swapped as a whole, so never half of two."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from clients.lake import paths

KNOWN = 20_000  # manifests that stay parsed: a night asks for each of them dozens of times
FEW_DAYS = 3
_unsynced: ContextVar[bool] = ContextVar("_unsynced", default=False)


class BrokenManifest(OSError):
    """A manifest that cannot be read: the disk or a person damaged it, the lake never writes half of one.

    An OSError, since whoever reads and writes files may meet it without knowing the lake.
    """


class NotPublished(LookupError):
    """A day of which the lake has no version."""


@dataclass(frozen=True)
class Piece:
    """One file of a version; `name` is its part, with a number after the first."""

    name: str
    rows: int
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """The published version of a day. `version` is made from the contents: the same rows give the same version.

    `previous` stays on disk until the next publish for readers who began before; `notes` are the writer's own.
    """

    table: str
    day: date
    version: str
    previous: str
    columns: Mapping[str, str]
    pieces: tuple[Piece, ...]
    notes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows of all pieces."""
        return sum(piece.rows for piece in self.pieces)

    @property
    def parts(self) -> list[str]:
        """The parts that have a piece, in order."""
        return sorted({paths.part_of(piece.name) for piece in self.pieces})

    @property
    def complete(self) -> bool:
        """Whether every file of the version is there and as long as it was written."""
        folder = version_dir(self.table, self.day, self.version)
        return all(_has(f"{folder}/{piece.name}.parquet", piece.size) for piece in self.pieces)

    def files(self, part: str | None = None) -> list[Path]:
        """Return the files of the version, or those of one part."""
        folder = version_dir(self.table, self.day, self.version)
        chosen = [p.name for p in self.pieces if part is None or paths.part_of(p.name) == part]
        return [paths.piece_file(folder, name) for name in chosen]


def version_dir(table: str, day: date, version: str) -> Path:
    """Return the folder of one version of a day."""
    return paths.day_dir(table, day) / f"v={version}"


def version_of(columns: Mapping[str, str], pieces: Iterable[Piece]) -> str:
    """Return the name of a version: 16 hex digits made from its columns and the bytes of its pieces."""
    text = json.dumps([list(columns.items()), sorted((piece.name, piece.sha256) for piece in pieces)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read(table: str, day: date) -> Manifest | None:
    """Return the published version of a day, None when nothing was ever published."""
    file = paths.manifest_file(table, day)
    try:
        found = os.stat(file)
        return _known(table, day, file, (found.st_ino, found.st_size, found.st_mtime_ns))
    except FileNotFoundError:
        return None


@lru_cache(maxsize=KNOWN)
def _known(table: str, day: date, file: str, _stamp: tuple[int, int, int]) -> Manifest:
    """A manifest is replaced in one rename, so while its file is the same one, what was read of it holds."""
    try:
        return _parse(table, day, json.loads(Path(file).read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError) as fault:
        raise BrokenManifest(
            f"{file} is damaged ({fault}). `manage.py day` copies or computes the day again where the house still"
            " has what it was made from; else restore its folder from a backup."
        ) from fault


def whole(table: str, day: date) -> Manifest | None:
    """Return the published version of a day, None unless it can be read and all its files are there."""
    try:
        found = read(table, day)
    except BrokenManifest:
        return None
    return found if found and found.complete else None


def write(manifest: Manifest) -> None:
    """Publish: swap the manifest in one rename, on disk before the call returns."""
    folder = paths.day_dir(manifest.table, manifest.day)
    data = {key: value for key, value in asdict(manifest).items() if key not in ("table", "day")}
    write_json(folder / paths.MANIFEST, data)


def days(table: str) -> list[date]:
    """Return the published days of a table, ascending."""
    home = f"{paths.table_dir(table)}"
    there = (name for name in _folders(home) if os.path.exists(f"{home}/{name}/{paths.MANIFEST}"))
    return sorted(date.fromisoformat(name.removeprefix("day=")) for name in there)


def of_days(table: str, days: Iterable[date]) -> list[Manifest]:
    """Return the published versions of those of the days that have one, in the order of the days."""
    asked = list(days)
    if len(asked) > FEW_DAYS:  # one look at the folder instead of one for each of a window's days
        there = _folders(f"{paths.table_dir(table)}")
        asked = [day for day in asked if f"day={day:%Y-%m-%d}" in there]
    return [found for day in asked if (found := read(table, day))]


def _folders(home: str) -> set[str]:
    try:
        return {name for name in os.listdir(home) if name.startswith("day=")}
    except FileNotFoundError:
        return set()


def write_json(file: Path, data: Mapping[str, Any]) -> None:
    """Replace a small JSON file in one rename, on disk before the call returns."""
    draft = file.with_name(f".{file.name}.new")
    with draft.open("w", encoding="utf-8") as out:
        json.dump(data, out, indent=1, ensure_ascii=False)
    sync(draft)
    draft.replace(file)
    sync(file.parent)


@contextmanager
def unsynced() -> Iterator[None]:
    """Let what is written meanwhile reach the disk whenever the system likes.

    Only for a simulated branch: a process may still be killed anywhere, but when the power fails it is built again.
    """
    token = _unsynced.set(True)
    try:
        yield
    finally:
        _unsynced.reset(token)


def sync(path: Path) -> None:
    """Wait until a file or folder is on disk."""
    if _unsynced.get():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _has(file: str, size: int) -> bool:
    try:
        return os.stat(file).st_size == size
    except FileNotFoundError:
        return False


def _parse(table: str, day: date, data: dict[str, Any]) -> Manifest:
    pieces = tuple(Piece(**piece) for piece in data["pieces"])
    for piece in pieces:
        paths.part_of(piece.name)  # a BadName is a fault of this file like any other
    return Manifest(table, day, data["version"], data["previous"], data["columns"], pieces, data["notes"])
