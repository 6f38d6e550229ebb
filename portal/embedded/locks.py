"""Locks on files. The kernel lets go of them when a process dies, however it dies."""

import fcntl
import os
import time
from pathlib import Path
from typing import Self

from portal.embedded.places import Unavailable


class NotOurs(Unavailable):
    """The folder belongs to somebody else."""


class Lock:
    """One open lock file. Two `Lock`s of the same path exclude each other also within one process."""

    def __init__(self, path: Path) -> None:
        """Open the file, making it and its folder when they are missing. Raises NotOurs."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except PermissionError as why:
            raise NotOurs(
                f"{path} may not be written by this user. Start as the user who made the folder, "
                "or set WANGTING_VAR to a folder of your own."
            ) from why

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def share(self) -> None:
        """Wait until nobody holds the file alone, then hold it together with others."""
        fcntl.flock(self.fd, fcntl.LOCK_SH)

    def try_share(self) -> bool:
        """Hold the file together with others; return False when somebody holds it alone."""
        return self._try(fcntl.LOCK_SH)

    def try_alone(self) -> bool:
        """Hold the file alone; return False, holding nothing, when anybody else holds it."""
        return self._try(fcntl.LOCK_EX)

    def alone_within(self, seconds: float) -> bool:
        """Try to hold the file alone for up to `seconds`."""
        deadline = time.monotonic() + seconds
        while not (held := self.try_alone()) and time.monotonic() < deadline:
            time.sleep(0.01)
        return held

    def write_pid(self) -> None:
        """Write the id of this process into the file."""
        os.ftruncate(self.fd, 0)
        os.pwrite(self.fd, b"%d\n" % os.getpid(), 0)

    def read_pid(self) -> int | None:
        """Return the process id in the file, None when there is none."""
        text = os.pread(self.fd, 32, 0).strip()
        return int(text) if text.isdigit() else None

    def close(self) -> None:
        """Close the file. A copy of it in another process keeps the lock."""
        os.close(self.fd)

    def _try(self, kind: int) -> bool:
        try:
            fcntl.flock(self.fd, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
