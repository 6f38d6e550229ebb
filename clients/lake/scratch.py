"""Private folders for work in progress. What a killed process left is removed by the next one that asks."""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clients.lake import paths

LOCK = ".held"


@contextmanager
def folder() -> Iterator[Path]:
    """Lend an empty folder inside the lake, gone afterwards."""
    home = paths.root() / ".scratch"
    home.mkdir(parents=True, exist_ok=True)
    with (home / LOCK).open("a") as gate:
        # The gate is held only while a folder is made or swept, so a sweep never meets one that is not locked yet.
        fcntl.flock(gate, fcntl.LOCK_EX)
        _sweep(home)
        mine = Path(tempfile.mkdtemp(dir=home))
        handle = (mine / LOCK).open("a")
        fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield mine
    finally:
        handle.close()
        shutil.rmtree(mine, ignore_errors=True)


def _sweep(home: Path) -> None:
    for left in home.glob("*/"):
        if _abandoned(left / LOCK):
            shutil.rmtree(left, ignore_errors=True)


def _abandoned(lock: Path) -> bool:
    """Whether no living process holds the folder; the kernel dropped the lock of a dead one."""
    try:
        with lock.open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    except OSError:
        return False
