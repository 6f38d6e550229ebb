"""How capture stands, for the people who run it: how much comes in under each key, what is refused, how far behind."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from clients.behaviour import selectors as behaviour
from clients.behaviour.models import CaptureTally, Compaction
from portal.collect import compaction, segments, selectors
from portal.collect.models import WriteKey

HOURS = 24
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

    `aside` are segments that could not be taken in: somebody has to look at the log and at them. `scarce` says that the
    disk has less room than is kept free, so that nothing is taken.
    """

    waiting: int
    waiting_bytes: int
    lag: timedelta | None
    aside: int
    scarce: bool
    last: Compaction | None
    keys: list[Incoming]

    @property
    def reserve(self) -> int:
        """How many bytes of the disk are kept free."""
        return int(settings.COLLECT_FREE_BYTES)

    @property
    def minute(self) -> float:
        """Events a minute of all keys in the running hour."""
        return sum(one.minute for one in self.keys)


def standing(now: datetime) -> Standing:
    """Return how capture stands: three queries, and a look at the names of the segments."""
    folder = Path(settings.COLLECT_DIR)
    files = list(_there(segments.ready(folder)))
    oldest = min((file.st_mtime for file in files), default=None)
    return Standing(
        waiting=len(files),
        waiting_bytes=sum(file.st_size for file in files),
        lag=None if oldest is None else timedelta(seconds=max(0.0, now.timestamp() - oldest)),
        aside=len(compaction.set_aside(folder)),
        scarce=segments.is_scarce(folder, settings.COLLECT_FREE_BYTES),
        last=behaviour.last_compaction(),
        keys=_incoming(now),
    )


def _there(files: Iterable[Path]) -> Iterator[os.stat_result]:
    """What the disk says of the files that compaction has not taken away meanwhile."""
    for file in files:
        with suppress(FileNotFoundError):
            yield file.stat()


def _incoming(now: datetime) -> list[Incoming]:
    """A row for each key in force, and for others only when something came under them."""
    hour, keys = now.replace(minute=0, second=0, microsecond=0), selectors.every_key()
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
