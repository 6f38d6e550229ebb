"""Which days of a table were published, so that a day that vanishes from the disk is noticed.

    with opened("trades") as book:       # alone; kept when the block ends
        gone = book.lost()               # days of the book that are no longer whole on disk
        book.note(day)                   # a day has just been published

The book lies beside the tables, in `LAKE_DIR/.daybooks/<table>.json`, and outlives the folder of its table. A day is
looked at by two `stat` calls, of its manifest and of the folder of its version, and opened only when one of them has
changed since it was last found whole. What is damaged inside a file without a trace in either is not noticed here.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from clients.lake import locks, paths
from clients.lake import manifest as manifests

FOLDER = ".daybooks"
FIRST_FORM = "mirrored.json"  # in the table's folder: only the newest id, as the house noted it at first
NEVER = "never"  # the stamp of a day that nobody has seen whole


@dataclass(frozen=True)
class Entry:
    """A day as it was last found whole: `stamp` tells whether anything moved, `cutoff` is that of a snapshot.

    `rows` are what is at stake when the day is lost; 0 once somebody has accepted the loss.
    """

    rows: int
    version: str = ""
    stamp: str = NEVER
    cutoff: str = ""


# A day whose manifest cannot be read and which no book names: at least a row was there.
UNKNOWN = Entry(rows=1)


@dataclass
class Daybook:
    """The book of one table. `id` is the newest row of the record that its mirror has copied."""

    table: str
    id: int = 0
    days: dict[date, Entry] = field(default_factory=dict)
    accepted: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def lost(self) -> dict[date, Entry]:
        """Bring the book up to what is on disk; the days that are not whole there: gone, damaged, or short of files."""
        gone = {}
        for day in sorted(_folders(self.table) | self.days.keys()):
            known = self.days.get(day)
            if known and known.stamp == _stamp(self.table, day, known.version):
                continue
            if not self.note(day) and (known or _manifest(self.table, day).exists()):
                gone[day] = self.days[day] = known or UNKNOWN
        return gone

    def note(self, day: date) -> bool:
        """Write down a day as it is on disk; False, and nothing is written, when it is not whole there."""
        found = manifests.whole(self.table, day)
        if found:
            stamp = _stamp(self.table, day, found.version)
            self.days[day] = Entry(found.rows, found.version, stamp, found.notes.get("cutoff", ""))
        return found is not None


@contextmanager
def opened(table: str) -> Iterator[Daybook]:
    """Lend the book of a table alone, waiting for whoever has it; changes are kept.

    Also after an exception: days are noted as they are on disk, and `id` moves last.
    """
    file = _file(table)
    with locks.held(file.with_suffix(".lock")):
        book = read(table)
        before = replace(book, days=dict(book.days), accepted=dict(book.accepted))
        try:
            yield book
        finally:
            if book != before:
                _write(book)


def read(table: str) -> Daybook:
    """Return the book of a table as it was last kept. Raises BrokenManifest when it is damaged."""
    for file in (_file(table), paths.table_dir(table) / FIRST_FORM):
        try:
            return _parse(table, json.loads(file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            continue
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise manifests.BrokenManifest(
                f"{file} is damaged ({fault}). Restore it from a backup. Without the file the lake would take the days"
                f" of {table} that are on disk for all there ever were."
            ) from fault
    return Daybook(table)


def tables() -> list[str]:
    """Return the tables that have a book."""
    return sorted(file.stem for file in (paths.root() / FOLDER).glob("*.json"))


def _parse(table: str, data: dict[str, Any]) -> Daybook:
    days = {date.fromisoformat(day): _entry(text) for day, text in data.get("days", {}).items()}
    return Daybook(table, int(data["id"]), days, data.get("accepted", {}))


def _entry(text: str) -> Entry:
    rows, version, stamp, cutoff = text.split(" ")
    return Entry(int(rows), version, stamp, cutoff)


def _write(book: Daybook) -> None:
    """One line a day: twenty years of days are half a megabyte."""
    days = {f"{day}": " ".join(map(str, asdict(entry).values())) for day, entry in sorted(book.days.items())}
    manifests.write_json(_file(book.table), {"id": book.id, "accepted": book.accepted, "days": days})
    (paths.table_dir(book.table) / FIRST_FORM).unlink(missing_ok=True)


def _file(table: str) -> Path:
    return paths.root() / FOLDER / f"{paths.table_dir(table).name}.json"


def _manifest(table: str, day: date) -> Path:
    return paths.day_dir(table, day) / paths.MANIFEST


def _folders(table: str) -> set[date]:
    """The days that have a folder: one listing, nothing is opened."""
    try:
        names = os.listdir(paths.table_dir(table))
    except FileNotFoundError:
        return set()
    return {date.fromisoformat(name.removeprefix("day=")) for name in names if name.startswith("day=")}


def _stamp(table: str, day: date, version: str) -> str:
    """Whatever happens to the manifest, or to the list of files in the version's folder, changes this text."""
    home = f"{paths.root()}/{table}/day={day}"
    try:
        manifest, folder = os.stat(f"{home}/{paths.MANIFEST}"), os.stat(f"{home}/v={version}")
    except OSError:
        return ""
    return f"{manifest.st_size:x}-{manifest.st_mtime_ns:x}-{folder.st_mtime_ns:x}"
