"""Imports a text, a list of rows or a file for the tests, and reads the reject file back."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from clients.intake.options import read_options
from clients.intake.registry import find
from clients.intake.services import import_file
from clients.intake.taking import Outcome

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)  # 20:00 in Shanghai, after the close of a trading day
Row = Mapping[str, object]


@dataclass(frozen=True)
class Taken:
    """What came of a file, and its reject file line by line."""

    outcome: Outcome
    rejects: list[dict[str, str]]

    @property
    def counts(self) -> tuple[int, int, int]:
        """Accepted, unchanged, rejected."""
        return self.outcome.accepted, self.outcome.unchanged, self.outcome.rejected

    @property
    def codes(self) -> list[tuple[int, str, str]]:
        """(line, code, column) of every problem."""
        return [(int(row["line"]), row["code"], row["column"]) for row in self.rejects]


class Take:
    """Callable: `take("trades", rows)`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, kind: str, content: Any, *, now: datetime = NOW, name: str = "file", **options: Any) -> Taken:
        file = content if isinstance(content, Path) else self.folder / name
        if isinstance(content, bytes):
            file.write_bytes(content)
        elif not isinstance(content, Path):
            file.write_text(content if isinstance(content, str) else text(content), encoding="utf-8", newline="")
        rejects = self.folder / f"{file.name}.rejects"
        rejects.unlink(missing_ok=True)
        found = find(kind)
        outcome = import_file(
            kind=found,
            path=file,
            options=read_options(found, **options),
            by="tester",
            now=now,
            reject_file=rejects,
        )
        return Taken(outcome, read(rejects))


def text(rows: Sequence[Row]) -> str:
    """Return rows as CSV; the columns are those of all rows."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def read(rejects: Path) -> list[dict[str, str]]:
    """Return the lines of a reject file; none when there is no file."""
    if not rejects.exists():
        return []
    with rejects.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
