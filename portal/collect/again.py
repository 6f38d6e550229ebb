"""Events that servers sent of clients whom the record did not know yet: taken in when the clients have come.

    bring(now=now) -> how many

Such an event waits as a dead letter. When its client is there, it goes back among the segments as one that arrives now,
with the moment at which it happened, and its letter is gone. Killed in between, the letter stays, and the lake knows
the event by its message id. Letters that were cut, or are too old for the lake, stay for people to read.
"""

import json
import os
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from clients.behaviour import deadletters, lines
from clients.behaviour import selectors as behaviour
from clients.lake import manifest as manifests
from clients.shared import clock
from portal.collect import compaction, segments

MARK = json.dumps(lines.NO_CLIENT)


def bring(*, now: datetime) -> int:
    """This will put events whose clients have come back among the segments; how many.

    None while a compaction that was killed waits to be finished: it knows how long the files of letters were.
    """
    folder = Path(settings.COLLECT_DIR)
    first = f"{clock.shanghai_day(now - lines.OLDEST)}.jsonl"
    with compaction.alone(folder, wait=True):
        if (folder / compaction.JOURNAL).exists():
            return 0
        files = sorted(file for file in deadletters.folder().glob("*.jsonl") if file.name >= first)
        return sum(_of_file(file, folder, now) for file in files)


def _of_file(file: Path, folder: Path, now: datetime) -> int:
    """Look through a file of letters; it is written again only when somebody has come."""
    come = behaviour.known_numbers({number for text in _texts(file) if (number := _named(text, now))})
    if not come:
        return 0
    events = [_line(text, now) for text in _texts(file) if _named(text, now) in come]
    _write(folder / f"{time.time_ns():020d}-{os.getpid()}{segments.CLOSED}", events)
    _write(file, [text for text in _texts(file) if _named(text, now) not in come])
    return len(events)


def _texts(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8") as letters:
        yield from letters


def _named(text: str, now: datetime) -> str | None:
    """The client number that a waiting letter names; None for other letters, cut ones and those too old."""
    if MARK not in text:
        return None
    letter = json.loads(text)
    event = _event(letter)
    if letter["reason"] != lines.NO_CLIENT or event is None or "happened" not in letter:
        return None
    return str(event.get("userId")) if datetime.fromisoformat(letter["happened"]) > now - lines.OLDEST else None


def _event(letter: dict[str, Any]) -> dict[str, Any] | None:
    try:
        event = json.loads(letter["event"])
    except (RecursionError, ValueError):  # cut in the middle
        return None
    return event if isinstance(event, dict) else None


def _line(text: str, now: datetime) -> str:
    """The letter as a line of a segment: what arrives now, and happened when it did."""
    letter = json.loads(text)
    event = {**(_event(letter) or {}), "timestamp": letter["happened"]}
    said = {
        "r": (now - lines.EPOCH) // lines.MICROSECOND, "k": letter["key"], "p": letter["platform"],
        "t": letter["type"], "c": None, "n": str(event["userId"]), "f": 0, "i": "", "u": "", "s": None, "e": event,
    }  # fmt: skip
    return json.dumps(said, separators=(",", ":")) + "\n"


def _write(file: Path, texts: list[str]) -> None:
    """Put a file in its place in one rename, on the disk before the call returns."""
    draft = file.with_suffix(segments.DRAFT)
    with draft.open("w", encoding="utf-8") as out:
        os.fchmod(out.fileno(), 0o600)
        out.writelines(texts)
    manifests.sync(draft)
    draft.replace(file)
    manifests.sync(file.parent)
