"""How capture stands, for the people who run it: how much comes in under each key, what is refused, how far behind."""

import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings

from clients.behaviour import deadletters
from clients.behaviour import selectors as behaviour
from clients.behaviour.models import CaptureTally, Compaction
from portal.collect import compaction, segments
from portal.collect.models import WriteKey

HOURS = 24
TAIL = 256 * 1024  # bytes read from the end of a file of dead letters
SHOWN = 50
CUT = 300  # characters of a dead letter that are shown
NUMBER = re.compile(r"\d{5,}")  # what could be the number of a person, an account or a card
VALUE = re.compile(r'"([^"\\]*)"\s*:\s*"(?:[^"\\]|\\.)*"?')
TOLD = {"type", "event", "messageId", "timestamp", "sentAt"}  # texts of an event that are shown; others may hold names
COUNTS = ("accepted", "duplicate", "forged", "declined", "dead", "refused")


@dataclass
class Incoming:
    """What came in under one key within the last hours; `minute` is how many events a minute in the running hour."""

    key: WriteKey | None
    minute: float = 0.0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))


@dataclass(frozen=True)
class Standing:
    """The whole of it. `lag` is how long the oldest waiting segment waits, None when none does.

    `aside` are segments that could not be taken in: somebody has to look at the log and at them.
    """

    waiting: int
    waiting_bytes: int
    lag: timedelta | None
    aside: int
    last: Compaction | None
    keys: list[Incoming]

    @property
    def minute(self) -> float:
        """Events a minute of all keys in the running hour."""
        return sum(one.minute for one in self.keys)


@dataclass(frozen=True)
class Letter:
    """An event that could not be taken; digits of longer numbers are hidden, since they may be those of a person."""

    received: datetime | None
    key: WriteKey | None
    reason: str
    text: str


def standing(now: datetime) -> Standing:
    """Return how capture stands: three queries, and a look at the names of the segments."""
    files = list(_there(segments.ready(Path(settings.COLLECT_DIR))))
    oldest = min((file.st_mtime for file in files), default=None)
    return Standing(
        waiting=len(files),
        waiting_bytes=sum(file.st_size for file in files),
        lag=None if oldest is None else timedelta(seconds=max(0.0, now.timestamp() - oldest)),
        aside=len(compaction.set_aside(Path(settings.COLLECT_DIR))),
        last=behaviour.last_compaction(),
        keys=_incoming(now),
    )


def _there(files: Iterable[Path]) -> Iterator[os.stat_result]:
    """What the disk says of the files that compaction has not taken away meanwhile."""
    for file in files:
        with suppress(FileNotFoundError):
            yield file.stat()


def letters() -> list[Letter]:
    """Return the newest dead letters, newest first."""
    keys = _keys()
    # Those that cannot be read have no day; their file, called by a word, would else hide all others.
    files = sorted(deadletters.folder().glob("*.jsonl"), key=_dated, reverse=True)
    return [_letter(one, keys) for one in islice(_newest(files), SHOWN)]


def _dated(file: Path) -> tuple[bool, str]:
    return file.name[:1].isdigit(), file.name


def _incoming(now: datetime) -> list[Incoming]:
    """A row for each key in force, and for others only when something came under them."""
    hour, keys = now.replace(minute=0, second=0, microsecond=0), _keys()
    rows = {pk: Incoming(key) for pk, key in keys.items() if key.revoked_at is None}
    for tally in CaptureTally.objects.filter(hour__gt=hour - timedelta(hours=HOURS)):
        row = rows.setdefault(tally.write_key, Incoming(keys.get(tally.write_key)))
        _add(row, tally, (now - hour).total_seconds() / 60 if tally.hour == hour else None)
    return sorted(rows.values(), key=lambda row: (-row.counts["accepted"], row.key.name if row.key else ""))


def _add(row: Incoming, tally: CaptureTally, minutes: float | None) -> None:
    for name in COUNTS:
        row.counts[name] += getattr(tally, name)
    if minutes is not None:
        row.minute += tally.accepted / max(1.0, minutes)


def _keys() -> dict[int, WriteKey]:
    return WriteKey.objects.in_bulk()


def _newest(files: Iterable[Path]) -> Iterator[dict[str, Any]]:
    for file in files:
        for line in reversed(_tail(file)):
            yield json.loads(line)


def _tail(file: Path) -> list[bytes]:
    """The last whole lines of a file."""
    with file.open("rb") as text:
        start = max(0, file.stat().st_size - TAIL)
        text.seek(start)
        lines = text.read(TAIL).splitlines(keepends=True)
    return [line for line in lines[1 if start else 0 :] if line.endswith(b"\n")]


def _shape(found: re.Match[str]) -> str:
    return found[0] if found[1] in TOLD else f'"{found[1]}": "…"'


def _letter(said: dict[str, Any], keys: dict[int, WriteKey]) -> Letter:
    received = datetime.fromisoformat(said["received"]) if said.get("received") else None
    text = NUMBER.sub("…", VALUE.sub(_shape, str(said.get("event", ""))))[:CUT]
    return Letter(received, keys.get(said.get("key") or 0), said["reason"], text)
