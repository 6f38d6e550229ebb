"""Compactions that are killed, for the tests; a process of its own, since threads of DuckDB do not survive a fork."""

import json
import shutil
from itertools import count
from pathlib import Path

from django.conf import settings
from django.db import connections

from clients.behaviour.models import AnonymousLink, CaptureTally, Compaction
from portal.collect import compaction
from tests.clients.behaviour import lineup
from tests.clients.lake.processes import die_at, finished, forked

TABLES = (AnonymousLink, CaptureTally, Compaction)


def main(base: str, every: str) -> None:
    """Print, for each n-th file operation, what is there when a compaction was killed at it and begun again."""
    for step in count(1, int(every)):
        _place(Path(base), step)
        for table in TABLES:
            table.objects.all().delete()
        connections.close_all()
        whole = finished(forked(lambda step=step: _killed(Path(base), step)))
        finished(forked(lambda step=step: _begun_again(Path(base), step)))
        if whole:
            return


def _place(base: Path, step: int) -> None:
    folder = base / f"{step:04}"
    shutil.copytree(base / "segments", folder / "segments")
    settings.LAKE_DIR, settings.DEAD_LETTER_DIR = folder / "lake", folder / "letters"
    settings.COLLECT_DIR = folder / "segments"


def _killed(base: Path, step: int) -> None:
    die_at(step, base / f"{step:04}")
    compaction.compact(now=lineup.AT)
    connections.close_all()


def _begun_again(base: Path, step: int) -> None:
    compaction.compact(now=lineup.AT)
    print(json.dumps(_found(base / f"{step:04}"), sort_keys=True), flush=True)
    connections.close_all()


def _found(folder: Path) -> dict[str, object]:
    tallies = CaptureTally.objects.values_list("write_key", "accepted", "duplicate", "forged", "dead", "refused")
    return {
        "events": [str(row) for row in lineup.rows("t::VARCHAR")],
        "letters": [file.read_text(encoding="utf-8") for file in sorted((folder / "letters").iterdir())],
        "left": sorted(path.name for path in (folder / "segments").iterdir()),
        "tallies": sorted(tallies),
        "links": sorted(map(str, AnonymousLink.objects.all())),
        "portions": Compaction.objects.count(),
    }
