"""The files of metrics, which outcomes each one gives, and what it reads."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "metrics"
READS = re.compile(r"^-- reads: (.+)$", re.MULTILINE)
GIVES = re.compile(r"\bAS (since_hit_\w+)")


@dataclass(frozen=True)
class MetricFile:
    """One SELECT over `spans`: the outcomes that it gives and the tables that it reads."""

    name: str
    text: str
    gives: tuple[str, ...]
    reads: tuple[str, ...]


class BadMetricFile(ValueError):
    """A file of metrics without its line `-- reads:`."""


@lru_cache(maxsize=1)
def metric_files() -> tuple[MetricFile, ...]:
    """Return all files by name; raises BadMetricFile."""
    return tuple(_read(file) for file in sorted(FOLDER.glob("*.sql")))


def files_for(names: frozenset[str]) -> list[MetricFile]:
    """Return the files that give any of these outcomes."""
    return [file for file in metric_files() if names & set(file.gives)]


def _read(file: Path) -> MetricFile:
    text = file.read_text(encoding="utf-8")
    reads = READS.search(text)
    if reads is None:
        raise BadMetricFile(f"{file.name} has no line `-- reads: table, …`.")
    tables = tuple(name.strip() for name in reads[1].split(","))
    return MetricFile(file.stem, text, tuple(GIVES.findall(text)), tables)
