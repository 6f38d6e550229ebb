"""The manifest of a table's day: which files are the published version. Swapped as a whole, so never half of two."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from clients.lake import paths


class BrokenManifest(Exception):
    """A manifest that cannot be read: the disk or a person damaged it, the lake never writes half of one."""


@dataclass(frozen=True)
class Part:
    """One file of a version."""

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
    parts: tuple[Part, ...]
    notes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows of all parts."""
        return sum(part.rows for part in self.parts)

    def files(self, part: str | None = None) -> list[Path]:
        """Return the files of the version, or the one of `part` if there is one."""
        folder = version_dir(self.table, self.day, self.version)
        return [paths.part_file(folder, p.name) for p in self.parts if part is None or p.name == part]


def version_dir(table: str, day: date, version: str) -> Path:
    """Return the folder of one version of a day."""
    return paths.day_dir(table, day) / f"v={version}"


def version_of(columns: Mapping[str, str], parts: Iterable[Part]) -> str:
    """Return the name of a version: 16 hex digits made from its columns and the bytes of its parts."""
    text = json.dumps([list(columns.items()), sorted((part.name, part.sha256) for part in parts)])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read(table: str, day: date) -> Manifest | None:
    """Return the published version of a day, None when nothing was ever published."""
    file = paths.day_dir(table, day) / paths.MANIFEST
    try:
        return _parse(table, day, json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as fault:
        raise BrokenManifest(f"{file} is damaged ({fault}); publish the day again.") from fault


def write(manifest: Manifest) -> None:
    """Publish: swap the manifest in one rename, on disk before the call returns."""
    folder = paths.day_dir(manifest.table, manifest.day)
    data = {key: value for key, value in asdict(manifest).items() if key not in ("table", "day")}
    write_json(folder / paths.MANIFEST, data)


def days(table: str) -> list[date]:
    """Return the published days of a table, ascending."""
    found = paths.table_dir(table).glob(f"day=*/{paths.MANIFEST}")
    return sorted(date.fromisoformat(file.parent.name.removeprefix("day=")) for file in found)


def write_json(file: Path, data: Mapping[str, Any]) -> None:
    """Replace a small JSON file in one rename, on disk before the call returns."""
    draft = file.with_name(f".{file.name}.new")
    with draft.open("w", encoding="utf-8") as out:
        json.dump(data, out, indent=1, ensure_ascii=False)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
    sync(file.parent)


def sync(path: Path) -> None:
    """Wait until a file or folder is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _parse(table: str, day: date, data: dict[str, Any]) -> Manifest:
    parts = tuple(Part(**part) for part in data["parts"])
    return Manifest(table, day, data["version"], data["previous"], data["columns"], parts, data["notes"])
