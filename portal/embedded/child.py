"""One supervised child: what it is, and how it is started, watched, started again and stopped."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.embedded import guard, processes

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a crashed child starts again; doubled at each crash
SOUND_AFTER = 60.0  # seconds of life after which earlier crashes are forgotten


def always() -> bool:
    """Yes."""
    return True


def never() -> bool:
    """No."""
    return False


@dataclass(frozen=True)
class Child:
    """A command to keep running; with `once`, a command to run to its end before the next one starts.

    One that runs `in_view` may take long: the house counts as up meanwhile, and its failure stops nothing but itself.
    With `once` and `beside` the next ones do not wait for its end; the first of them without `once` does.
    """

    name: str
    argv: Sequence[str]
    log: Path
    env: Mapping[str, str] | None = None  # added to the environment of the supervisor
    ready: Callable[[], bool] = always
    ready_within: float = 60.0  # seconds
    once: bool = False
    in_view: bool = False
    beside: bool = False
    stop_signal: int = signal.SIGTERM  # also sent by the kernel when the supervisor dies
    stop_within: float = 15.0  # seconds, then it is killed


class Running:
    """The life of one child."""

    def __init__(self, child: Child, mark: str) -> None:
        """`mark`: what the child and its own children carry in their environment."""
        self.child = child
        self._mark = f"{mark}:{child.name}"
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._crashes = 0
        self._due: float | None = None

    @property
    def status(self) -> int | None:
        """The exit status, None while it runs."""
        return self._process.poll() if self._process else None

    def start(self) -> None:
        """Start the process."""
        environment = os.environ | (self.child.env or {}) | {processes.MARK: self._mark}
        self._due, self._started = None, time.monotonic()
        self._process = processes.spawn(
            self.child.argv, log=self.child.log, env=environment, orphaned=self.child.stop_signal
        )

    def is_up(self) -> bool:
        """Whether the next child may start."""
        return self.status == 0 if self.child.once else self.child.ready()

    def tend(self) -> str | None:
        """Look after it: plan a restart after a crash, restart when that is due. Return what a person should know."""
        if self.child.once or self.status is None:
            return None
        if self._due is None:
            return self._plan()
        if time.monotonic() < self._due:
            return None
        self.start()
        return f"{self.child.name} started again"

    def stop(self, impatient: Callable[[], bool] = never) -> None:
        """Stop it and everything it has started; kill it when it takes too long or when `impatient` says so."""
        self._due = None
        if self._process is None:
            return
        if self.status is None:
            self._process.send_signal(self.child.stop_signal)
        deadline = time.monotonic() + self.child.stop_within
        while self.status is None and time.monotonic() < deadline and not impatient():
            time.sleep(0.02)
        processes.stop(self._process)
        guard.sweep(self._mark, 0)

    def _plan(self) -> str:
        """What a crashed child has left behind would stand in the way of its successor (a port, a job)."""
        guard.sweep(self._mark, 0)
        now = time.monotonic()
        self._crashes = 1 if now - self._started > SOUND_AFTER else self._crashes + 1
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self._crashes - 1))
        self._due = now + pause
        return f"{self.child.name} ended with status {self.status}; starting again in {pause:g} s"
