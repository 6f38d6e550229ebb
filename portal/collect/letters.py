"""The newest events that could not be taken, for the people who look after trackers: without names and long numbers."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from clients.behaviour import deadletters, lines, texts
from portal.collect import selectors
from portal.collect.models import WriteKey

TAIL = 256 * 1024  # bytes read from the end of a file of dead letters
SHOWN = 50
CUT = 300  # characters of a dead letter that are shown
NUMBER = re.compile(r"\d{5,}")  # what could be the number of a person, an account or a card
VALUE = re.compile(r'"([^"\\]*)"\s*:\s*"(?:[^"\\]|\\.)*"?')
WORDS = {
    "too_large": _("It is too large"),
    "unknown_type": _("It is of no type of the API"),
    lines.UNREADABLE: _("The line cannot be read"),
    lines.NO_CLIENT: _("Nobody has this client number yet"),
    texts.UNCLEAN: _("It is nested too deep, or holds a number that is none"),
    lines.PERSONAL: _("Its id or its name holds somebody's number or address"),
    "no messageId": _("It has no messageId"),
    "neither anonymousId nor a client": _("It names neither a visitor nor a client"),
    "an event of type track needs its name": _("It has no name"),
    "timestamp cannot be read": _("Its timestamp cannot be read"),
    "context is no object": _("Its context is no object"),
    "properties is no object": _("Its properties are no object"),
    "older than 30 days": _("It is older than 30 days"),
}
TOLD = {"type", "event", "messageId", "timestamp", "sentAt"}  # texts of an event that are shown; others may hold names


@dataclass(frozen=True)
class Letter:
    """An event that could not be taken; digits of longer numbers are hidden, since they may be those of a person."""

    received: datetime | None
    key: WriteKey | None
    reason: str
    text: str

    @property
    def said(self) -> str:
        """The reason in the reader's language; as it is where there are no words for it."""
        return str(WORDS.get(self.reason, self.reason))


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
        found = text.read(TAIL).splitlines(keepends=True)
    return [line for line in found[1 if start else 0 :] if line.endswith(b"\n")]


def _shape(found: re.Match[str]) -> str:
    return found[0] if found[1] in TOLD else f'"{found[1]}": "…"'


def _letter(said: dict[str, Any], keys: dict[int, WriteKey]) -> Letter:
    received = datetime.fromisoformat(said["received"]) if said.get("received") else None
    text = NUMBER.sub("…", VALUE.sub(_shape, str(said.get("event", ""))))[:CUT]
    return Letter(received, keys.get(said.get("key") or 0), said["reason"], text)
