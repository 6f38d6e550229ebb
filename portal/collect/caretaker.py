"""A thread that does the collector's chores, so that no request ever waits for them."""

import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)
TICK = 1.0  # seconds


@dataclass
class Chore:
    """Something to do every so many seconds."""

    do: Callable[[], None]
    every: float
    done: float = 0.0


class Caretaker:
    """Does its chores as long as the process lives; one that fails is logged and comes again in its turn."""

    def __init__(self, *chores: Chore) -> None:
        self._chores = chores
        self._process = 0
        self._starting = threading.Lock()

    def start(self) -> None:
        """Begin, once in a process: a server may load the application before it forks, and threads stay behind."""
        if self._process == os.getpid():
            return
        with self._starting:
            if self._process != os.getpid():
                self._process = os.getpid()
                threading.Thread(target=self._live, name="collector", daemon=True).start()

    def _live(self) -> None:
        while True:
            self.look_round(time.monotonic())
            time.sleep(TICK)

    def look_round(self, now: float) -> None:
        """Do what is due at `now` (seconds of the monotonic clock)."""
        for chore in self._chores:
            if now - chore.done >= chore.every:
                chore.done = now
                try:
                    chore.do()
                except Exception:
                    log.exception("A chore of the collector failed; it comes again")
