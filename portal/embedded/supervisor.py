"""Start a list of commands in order, keep them running, stop them in reverse order, and leave nothing behind.

Three nets, each for the failure of the one before: an orderly stop at Ctrl-C, SIGTERM and SIGHUP; the kernel's
signal to every child when the supervisor dies; the guard (guard.py), which then kills what is left, children of
children included.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from portal.embedded import processes
from portal.embedded.child import Child, Running
from portal.embedded.locks import Lock
from portal.embedded.places import Unavailable
from portal.embedded.signals import Signals

PATIENCE = 5.0  # seconds that the guard gives the children of a killed supervisor to end by themselves
REMAINS_WITHIN = 60.0  # seconds to wait for the guard of a killed predecessor
LOOK_EVERY = 0.5  # seconds; the end of a child is seen at once


class AlreadyRunning(Unavailable):
    """Another supervisor works on the same folder."""


class ChildFailed(Unavailable):
    """A child ended or hung before it was ready for the first time."""


class Stopped(Exception):
    """A person asked to stop while the children were still starting."""


def _print(text: str) -> None:
    print(text, flush=True)


def _nothing() -> None:
    pass


class Supervisor:
    """Runs `children` for as long as nobody asks it to stop. Use it in a main thread without other threads."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        pid_file: Path,
        say: Callable[[str], None] = _print,
        when_up: Callable[[], None] = _nothing,
        tick: Callable[[], None] = _nothing,
        patience: float = PATIENCE,
    ) -> None:
        """`when_up` is called once when all are ready, or all before one that runs in view; `tick` from then on.

        It is called about every half second.
        """
        self._mark = f"{os.getpid()}-{time.time_ns()}"
        self._children = [Running(child, self._mark) for child in children]
        self._beside: list[Running] = []
        self._pid_file, self._say, self._when_up, self._tick = pid_file, say, when_up, tick
        self._patience = patience
        self._guard: subprocess.Popen[bytes] | None = None

    def run(self) -> int:
        """Run until asked to stop (status 0) or until a child fails to start (status 1). Raises AlreadyRunning."""
        asking = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        with _only_one(self._pid_file) as self._lock, Signals(*asking) as self._signals:
            self._stand_guard()
            try:
                return self._live()
            finally:
                self._stop_all()

    def _live(self) -> int:
        try:
            for running in self._children:
                self._begin(running)
        except Stopped:
            return 0
        except ChildFailed as why:
            self._tell(str(why))
            return 1
        self._greet()
        while not self._signals.asked:
            self._look_after()
            self._signals.wait(LOOK_EVERY)
        return 0

    def _begin(self, running: Running) -> None:
        if running.child.in_view:
            self._watch(running)
            return
        while self._beside and not running.child.once:
            self._await(self._beside.pop(0))
        running.start()
        if running.child.beside:
            self._beside.append(running)
        else:
            self._await(running)

    def _await(self, running: Running) -> None:
        child = running.child
        deadline = time.monotonic() + child.ready_within
        while not running.is_up():
            if self._signals.asked:
                raise Stopped
            late = time.monotonic() > deadline
            if late or running.status is not None:
                what = f"was not ready within {child.ready_within:g} s" if late else f"ended with {running.status}"
                raise ChildFailed(f"{child.name} {what}. The end of {child.log}:\n{processes.tail(child.log)}")
            self._signals.wait(0.05)
        self._tell(f"{child.name} is done" if child.once else f"{child.name} is up")

    def _watch(self, running: Running) -> None:
        """Run a command to its end while the house is up; what comes after it in the list waits for that."""
        self._greet()
        running.start()
        while running.status is None:
            if self._signals.asked:
                raise Stopped
            self._look_after()
            self._signals.wait(LOOK_EVERY)
        child = running.child
        end = f"ended with {running.status}. The end of {child.log}:\n{processes.tail(child.log)}"
        self._tell(f"{child.name} {end if running.status else 'is done'}")

    def _greet(self) -> None:
        """Say once that the house is up."""
        when_up, self._when_up = self._when_up, _nothing
        when_up()

    def _look_after(self) -> None:
        for running in self._children:
            if news := running.tend():
                self._tell(news)
        if self._guard is None or self._guard.poll() is not None:
            self._stand_guard()
        try:
            self._tick()
        except Unavailable as why:
            self._tell(str(why))

    def _stop_all(self) -> None:
        """Stop in reverse order; a second Ctrl-C kills what is left."""
        before = self._signals.asked
        self._tell("stopping")
        for running in reversed(self._children):
            running.stop(impatient=lambda: self._signals.asked > before)
        if self._guard and self._guard.stdin:
            self._guard.stdin.close()
            self._guard.wait()

    def _stand_guard(self) -> None:
        command = [sys.executable, "-m", "portal.embedded.guard", self._mark, str(self._patience)]
        self._guard = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            env=processes.environment(),
            pass_fds=[self._lock.fd],
            start_new_session=True,
        )

    def _tell(self, text: str) -> None:
        with suppress(OSError):  # the terminal may be gone; stopping must go on
            self._say(text)


def _only_one(pid_file: Path) -> Lock:
    """Return the lock file, held alone, with our process id in it. Raises AlreadyRunning.

    When the process named in it is dead, its guard is still clearing up: wait for that.
    """
    lock = Lock(pid_file)
    deadline = time.monotonic() + REMAINS_WITHIN
    while not lock.alone_within(0.1):
        other = lock.read_pid()
        if processes.alive(other) or time.monotonic() > deadline:
            lock.close()
            raise AlreadyRunning(f"Already running on {pid_file.parent.parent} as process {other}. Stop that first.")
    lock.write_pid()
    return lock
