"""Files that events are appended to, and safe in, before anybody is told that they were taken.

`Segments(folder).append(lines)` returns when the lines are on the disk. Threads that come while a sync is under way
share the next one: the first of them writes and syncs for all. A file is `.open` while its writer lives, which holds a
lock on it, and `.closed` afterwards; compaction takes closed files, and open ones whose lock nobody holds.
"""

import contextlib
import fcntl
import logging
import os
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

log = logging.getLogger(__name__)
DRAFT, OPEN, CLOSED = ".draft", ".open", ".closed"
PATIENCE = 30.0  # seconds that a thread waits for another one to write its lines
FORGOTTEN = 3600.0  # seconds after which a draft belongs to a writer that was killed


class NotKept(Exception):
    """The lines are not safe on the disk: whoever sent them has to send them again."""


@dataclass(slots=True)
class _Batch:
    """Lines of several threads that one of them writes. They count as kept only when somebody has said so.

    `written` is held until they are; each who waits passes it on. An Event would cost a tenth of all the work.
    """

    lines: list[bytes] = field(default_factory=list)
    written: threading.Lock = field(default_factory=threading.Lock)
    kept: bool = False
    fault: str = "nobody wrote them in time"

    def __post_init__(self) -> None:
        self.written.acquire()

    def wait(self) -> None:
        """Return when somebody has written the lines, or has failed to."""
        if self.written.acquire(timeout=PATIENCE):
            self.written.release()


class Segments:
    """The segments of one process. A failed write or sync ends the file; the next append begins another one."""

    def __init__(self, folder: Path, *, largest: int, oldest: float, gather: float = 0.0, reserve: int = 0) -> None:
        """A file is closed when it holds `largest` bytes, or after `oldest` seconds.

        After a sync that several threads shared, the next one waits `gather` seconds for as many to join again: those
        who were just answered are about to come back. A thread that is alone never waits. While the disk has fewer than
        `reserve` bytes free, nothing is kept: the database may live on it too.
        """
        self._folder, self._largest, self._oldest = folder, largest, oldest
        self._joining, self._writing = threading.Lock(), threading.Lock()
        self._batch = _Batch()
        self._file: _File | None = None
        self._gather, self._crowded = gather, False
        self._reserve, self._scarce = reserve, False

    def append(self, lines: bytes) -> None:
        """Return when `lines`, whole lines with their ends, are on the disk. Raises NotKept."""
        if self._scarce:
            raise NotKept("the disk is nearly full")
        with self._joining:
            batch = self._batch
            batch.lines.append(lines)
            first = len(batch.lines) == 1
        if first:
            self._commit(batch)
        else:
            batch.wait()
        if not batch.kept:
            self._leave(batch)
            raise NotKept(batch.fault)

    def tidy(self) -> None:
        """Close the file when it is old, so that a quiet hour hides nothing; look how much of the disk is free."""
        with self._writing:
            if self._file and self._file.age() > self._oldest:
                self._end()
        self._look_at_the_disk()

    def close(self) -> None:
        """Close the file, as when the process ends."""
        with self._writing:
            self._end()

    def _look_at_the_disk(self) -> None:
        """Begin to refuse, or end it; asked now and then, so that no request waits for the answer."""
        scarce = is_scarce(self._folder, self._reserve)
        if scarce != self._scarce:
            log.warning(
                "Events are %s: COLLECT_FREE_BYTES is %d", "refused" if scarce else "taken again", self._reserve
            )
        self._scarce = scarce

    def _leave(self, batch: _Batch) -> None:
        """Let nobody else join a batch that failed: its writer may never come back."""
        with self._joining:
            if self._batch is batch:
                self._batch = _Batch()

    def _commit(self, batch: _Batch) -> None:
        """Write for all who joined. Whatever goes wrong, they are woken, and told that nothing is kept."""
        with self._writing:  # while the sync before this one lasts, others join the batch
            if self._crowded:
                time.sleep(self._gather)
            with self._joining:
                self._batch = _Batch()
            self._crowded = len(batch.lines) > 1
            try:
                self._write(b"".join(batch.lines))
                batch.kept = True
            except BaseException as fault:
                batch.fault = str(fault) or type(fault).__name__
                self._end()
                if not isinstance(fault, Exception):
                    raise
            finally:
                batch.written.release()

    def _write(self, lines: bytes) -> None:
        if self._file and (self._file.size >= self._largest or self._file.age() > self._oldest):
            self._end()
        if self._file is None:
            self._file = _File(self._folder)
        self._file.write(lines)

    def _end(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()


class _File:
    """One open segment: created, locked and known to its folder before the first line.

    It gets its name only when it is locked, or compaction could take it for one whose writer has died.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = folder / f"{time.time_ns():020d}-{os.getpid()}{DRAFT}"
        self.path, self.size, self._born = draft.with_suffix(OPEN), 0, time.monotonic()
        self._fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            draft.rename(self.path)
            _sync_folder(folder)
        except BaseException:
            self.close()
            draft.unlink(missing_ok=True)
            raise

    def age(self) -> float:
        """Seconds since the file was made."""
        return time.monotonic() - self._born

    def write(self, lines: bytes) -> None:
        """Write and sync; after an error nothing more is written to this file."""
        rest = memoryview(lines)
        while rest:
            rest = rest[os.write(self._fd, rest) :]
        os.fdatasync(self._fd)
        self.size += len(lines)

    def close(self) -> None:
        """Give the file to compaction, cut to what was kept; one that kept nothing goes.

        What cannot be renamed is taken as soon as its lock is free.
        """
        with contextlib.suppress(OSError):
            os.ftruncate(self._fd, self.size)
        with contextlib.suppress(OSError):
            self.path.rename(self.path.with_suffix(CLOSED)) if self.size else self.path.unlink()
        os.close(self._fd)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def is_scarce(folder: Path, reserve: int) -> bool:
    """Whether the disk of a folder has fewer than `reserve` bytes free; one that does not exist yet has enough."""
    with contextlib.suppress(FileNotFoundError):
        return shutil.disk_usage(folder).free < reserve
    return False


def ready(folder: Path) -> list[Path]:
    """Return the segments that nobody writes any more, oldest first; drafts of killed writers go."""
    for draft in folder.glob(f"*{DRAFT}"):
        _forget(draft)
    closed = set(folder.glob(f"*{CLOSED}"))
    left = {path for path in folder.glob(f"*{OPEN}") if _left(path)}
    return sorted(closed | left)


def _forget(draft: Path) -> None:
    with contextlib.suppress(OSError):
        if time.time() - draft.stat().st_mtime > FORGOTTEN:
            draft.unlink()


def _left(path: Path) -> bool:
    """Whether the writer of an open segment has died: its lock is free."""
    try:
        with path.open("rb") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return path.exists()  # its writer may have given it its last name before the lock was asked for
    except OSError:  # locked, or closed meanwhile and called otherwise
        return False


def whole_lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a segment; a torn last one was never acknowledged."""
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield line
