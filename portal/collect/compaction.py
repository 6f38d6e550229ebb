"""Segments become events of the lake: portion by portion, each once, whatever is killed meanwhile.

    compact(now=now) -> Done
    settle(now=now) -> Done              # at night: histories and visits too
    bring_up_sessions(today=today)

Before a portion is begun a journal names its segments; they are deleted when the record has noted it, and the journal
last. Whoever finds a journal finishes that portion first: what the first attempt put into the lake is not added again,
its dead letters are cut back, and a portion that was noted only has its segments deleted.

What cannot be taken in for a reason that nobody foresaw is set aside whole, in its own folder, and the rest goes on.
"""

import fcntl
import hashlib
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
from django.conf import settings
from django.db import DatabaseError

from clients.behaviour import attributions, capture, deadletters, lines, merging, sessions
from clients.behaviour import selectors as behaviour
from clients.lake import manifest as manifests
from portal.collect import segments

log = logging.getLogger(__name__)
JOURNAL, LOCK, ASIDE = "compacting.json", "compacting.lock", "set-aside"
OWN_TROUBLE = (OSError, MemoryError, DatabaseError, duckdb.OutOfMemoryException, duckdb.IOException)


@dataclass(frozen=True)
class Done:
    """What a run took in; `days` are those that events joined."""

    portions: int
    events: int
    dead: int
    days: frozenset[date]


@dataclass(frozen=True)
class Portion:
    """Segments that are taken in together; `letters` is how long the files of dead letters were before."""

    name: str
    files: tuple[Path, ...]
    letters: Mapping[str, int]


def compact(*, now: datetime, wait: bool = False) -> Done | None:
    """This will take in every segment that is closed, and merge what has become many pieces.

    One at a time: None, at once, when another process is at it, unless told to wait for it.
    """
    folder = Path(settings.COLLECT_DIR)
    with alone(folder, wait) as mine:
        if not mine:
            return None
        found = [one for portion in _portions(folder) for one in _taken(folder, portion, now)]
        days = frozenset(day for one in found for day in one.days)
        merging.merge(sorted(days))
        return Done(len(found), sum(one.added for one in found), sum(one.dead for one in found), days)


@contextmanager
def alone(folder: Path, wait: bool) -> Iterator[bool]:
    """Hold the lock of all compactions; the kernel frees that of a killed one."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / LOCK).open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def _portions(folder: Path) -> Iterator[Portion]:
    """The portion that somebody began and did not finish, then what is ready, by the size that memory allows."""
    begun = _begun(folder)
    if begun:
        yield begun
    files: list[Path] = []
    size = 0
    for file in segments.ready(folder):
        if files and size + file.stat().st_size > settings.COLLECT_PORTION_BYTES:
            yield _begin(folder, files)
            files, size = [], 0
        files.append(file)
        size += file.stat().st_size
    if files:
        yield _begin(folder, files)


def _begin(folder: Path, files: list[Path]) -> Portion:
    """Write down what is going to be taken in. The name is made of all the names: other segments, another portion."""
    names = [file.name for file in files]
    name = hashlib.sha256("\n".join(names).encode()).hexdigest()
    letters = deadletters.sizes()
    manifests.write_json(folder / JOURNAL, {"portion": name, "segments": names, "letters": letters})
    return Portion(name, tuple(files), letters)


def _begun(folder: Path) -> Portion | None:
    if not (folder / JOURNAL).exists():
        return None
    noted = json.loads((folder / JOURNAL).read_text(encoding="utf-8"))
    there = tuple(file for name in noted["segments"] if (file := folder / name).exists())
    return Portion(noted["portion"], there, noted["letters"])


def set_aside(folder: Path) -> list[Path]:
    """Return the segments that could not be taken in: moved back beside the others they are tried again."""
    return sorted((folder / ASIDE).glob("*"))


def _taken(folder: Path, portion: Portion, now: datetime) -> Iterator[capture.Taken]:
    """Take a portion in. One that fails by what it holds is taken segment by segment, and the one at fault set aside.

    Trouble of the house's own (disk, memory, database) is raised: the portion is tried again next time.
    """
    try:
        taken = _take(folder, portion, now)
    except OWN_TROUBLE:
        raise
    except Exception:  # whatever it was, nothing that somebody sent may stop what others send
        log.exception("These segments cannot be taken in: %s", ", ".join(file.name for file in portion.files))
        deadletters.cut_back(portion.letters)
        yield from _apart(folder, portion.files, now)
        return
    if taken:
        yield taken


def _apart(folder: Path, files: Sequence[Path], now: datetime) -> Iterator[capture.Taken]:
    if len(files) > 1:
        for file in files:
            yield from _taken(folder, _begin(folder, [file]), now)
        return
    (folder / ASIDE).mkdir(mode=0o700, exist_ok=True)
    files[0].rename(folder / ASIDE / files[0].name)
    manifests.sync(folder / ASIDE)
    _finish(folder)


def _take(folder: Path, portion: Portion, now: datetime) -> capture.Taken | None:
    """Take a portion in and delete its segments; None when that was done and only they were left."""
    taken = None
    if not behaviour.is_compacted(portion.name):
        deadletters.cut_back(portion.letters)
        if portion.files:  # one left open by a killed writer may have got another name meanwhile
            taken = capture.take_in(name=portion.name, files=portion.files, now=now)
    for file in portion.files:
        file.unlink(missing_ok=True)
    _finish(folder)
    return taken


def _finish(folder: Path) -> None:
    """Forget the portion when its segments are gone from the folder."""
    manifests.sync(folder)
    (folder / JOURNAL).unlink(missing_ok=True)


def settle(*, now: datetime) -> Done:
    """This will take in what is closed, write down whose visitors' histories are, and bring all visits up to it."""
    done = compact(now=now, wait=True)
    with alone(Path(settings.COLLECT_DIR), wait=True):  # links must not change meanwhile
        attributions.settle(now=now)
    sessions.bring_up(sessions.days_of_sources())
    return done or Done(0, 0, 0, frozenset())


def bring_up_sessions(*, today: date) -> list[date]:
    """This will bring the visits of the days up to date that events can still join; which days were made."""
    first = today - lines.OLDEST
    return sessions.bring_up(day for day in sessions.days_of_sources() if day >= first)
