"""A private folder for one run. It may hold personal data in the clear: the next run removes what a dead one left."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

LOCK = ".lock"


@contextmanager
def private_folder() -> Iterator[Path]:
    """Lend a folder that only this process reads, gone afterwards; the kernel drops the lock of a killed process."""
    base = settings.VAR / "intake"
    base.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(base)
    folder, lock = _made(base)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _made(base: Path) -> tuple[Path, int]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=base))
        if (lock := _locked(folder)) is not None:  # else another run swept it in between
            return folder, lock


def _sweep(base: Path) -> None:
    for folder in base.glob("run-*"):
        if (lock := _locked(folder)) is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _locked(folder: Path) -> int | None:
    """Take the folder's lock; None when a living process holds it or the folder is just being made or removed."""
    try:
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return None
    if _held(lock) and _still_there(folder, lock):
        return lock
    os.close(lock)
    return None


def _held(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _still_there(folder: Path, lock: int) -> bool:
    """Whether the lock is the folder's own: between the opening and the lock, a whole sweep may have taken place."""
    try:
        return os.path.samestat(os.stat(folder / LOCK), os.fstat(lock))
    except OSError:
        return False
