"""The newest events that could not be taken, for the people who look after trackers: without names and long numbers."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from clients.behaviour import deadletters
from portal.collect import selectors
from portal.collect.models import WriteKey

TAIL = 256 * 1024  # bytes read from the end of a file of dead letters
SHOWN = 50
CUT = 300  # characters of a dead letter that are shown
NUMBER = re.compile(r"\d{5,}")  # what could be the number of a person, an account or a card
VALUE = re.compile(r'"([^"\\]*)"\s*:\s*"(?:[^"\\]|\\.)*"?')
TOLD = {"type", "event", "messageId", "timestamp", "sentAt"}  # texts of an event that are shown; others may hold names


@dataclass(frozen=True)
class Letter:
    """An event that could not be taken; digits of longer numbers are hidden, since they may be those of a person."""

    received: datetime | None
    key: WriteKey | None
    reason: str
    text: str


def newest() -> list[Letter]:
    """Return the newest dead letters, newest first."""
    keys = selectors.every_key()
    # Those that cannot be read have no day; their file, called by a word, would else hide all others.
    files = sorted(deadletters.folder().glob("*.jsonl"), key=_dated, reverse=True)
    return [_letter(one, keys) for one in islice(_read(files), SHOWN)]


def _dated(file: Path) -> tuple[bool, str]:
    return file.name[:1].isdigit(), file.name


def _read(files: Iterable[Path]) -> Iterator[dict[str, Any]]:
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
