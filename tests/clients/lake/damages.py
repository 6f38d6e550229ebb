"""What can happen to a day of the lake on its disk (each takes the day's folder), and the book that notices it."""

import shutil
from pathlib import Path

from clients.lake import daybook


def folder(day: Path) -> None:
    """The whole day is gone."""
    shutil.rmtree(day)


def manifest(day: Path) -> None:
    """Its manifest is gone."""
    (day / "manifest.json").unlink()


def half_a_manifest(day: Path) -> None:
    """Its manifest cannot be read."""
    (day / "manifest.json").write_text('{"version": "12')


def other_names(day: Path) -> None:
    """Its manifest can be read and names files that can be none."""
    text = (day / "manifest.json").read_text()
    (day / "manifest.json").write_text(text.replace('"bucket=00"', '"bucket=0x"').replace('"all"', '"some"'))


def part(day: Path) -> None:
    """A file that the manifest names is gone."""
    next(day.glob("v=*/*.parquet")).unlink()


def version(day: Path) -> None:
    """All files that the manifest names are gone."""
    shutil.rmtree(next(day.glob("v=*")))


DAMAGES = [folder, manifest, half_a_manifest, other_names, part, version]


def book_of(lake: Path, table: str) -> Path:
    """The file that names the table's published days."""
    return lake / daybook.FOLDER / f"{table}.json"
