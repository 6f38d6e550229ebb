"""CPU seconds and memory of this process and of the PostgreSQL server it talks to, read from /proc."""

import os
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
EVERY = 0.1  # seconds between two looks at a server's memory


class NotMeasurable(Exception):
    """The server runs on another machine: its CPU time cannot be read here."""


@dataclass
class Spent:
    """CPU seconds (user and system) of a block: of this process and of all processes of the server."""

    own: float = 0.0
    server: float = 0.0

    @property
    def total(self) -> float:
        """Both together."""
        return self.own + self.server


@contextmanager
def spent(postmaster: int) -> Iterator[Spent]:
    """Measure the block; the server's processes that ended meanwhile are counted too."""
    measured, own, server = Spent(), _own(), _server(postmaster)
    yield measured
    measured.own, measured.server = _own() - own, _server(postmaster) - server


def postmaster_of(backend: int) -> int:
    """Return the process id of the server behind one of its backends."""
    try:
        return int(_stat(backend)[1])
    except OSError as error:
        raise NotMeasurable("The database server is not on this machine: unset DATABASE_URL to measure.") from error


def peak_mb() -> float:
    """Return the highest resident memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def peak_of(process: int) -> Iterator[list[float]]:
    """Watch another process: the list holds the highest memory of its own (not shared), in MB, when the block ends."""
    peak, done = [0.0], threading.Event()

    def look() -> None:
        while not done.wait(EVERY):
            peak[0] = max(peak[0], _anonymous_mb(process))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def _anonymous_mb(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon")), 0.0)


def _own() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _server(postmaster: int) -> float:
    """The postmaster with the children it has buried, and every living child."""
    fields = _stat(postmaster)
    ticks = sum(int(fields[i]) for i in (11, 12, 13, 14))
    for process in Path("/proc").glob("[0-9]*"):
        try:
            fields = _stat(int(process.name))
        except OSError:
            continue
        if int(fields[1]) == postmaster:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / TICK


def _stat(process: int) -> list[str]:
    """The fields of /proc/PID/stat after the name, which may hold blanks: state, parent, …"""
    return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
