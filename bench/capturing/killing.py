"""A collector that is killed under load, again and again: what it acknowledged, and what is found afterwards."""

import threading
import time
from collections import Counter
from datetime import datetime
from itertools import count
from pathlib import Path

from bench.capturing import load
from bench.capturing.server import OURS, Server
from clients.behaviour.events import TABLE as EVENTS
from clients.behaviour.lines import PUBLIC
from clients.lake import manifest as manifests
from clients.lake.reading import open_lake, relation
from portal.collect import compaction

SENDERS, EACH, BEFORE_A_KILL = 4, 20, 1.5  # threads, events a request, seconds


class _Senders:
    """Threads that go on sending to whichever server is up, and note what was acknowledged."""

    def __init__(self, key: str) -> None:
        self.port, self.acknowledged = 0, Counter[str]()
        self._key, self._numbers = key, count(10_000_000_000, EACH)
        self._stop, self._lock = threading.Event(), threading.Lock()
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(SENDERS)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._over(load.poster(self.port, self._key, "/v1/batch"))
            except OSError:
                time.sleep(0.02)  # killed, or not up again

    def _over(self, post: "load.Post") -> None:
        while not self._stop.is_set():
            with self._lock:
                first = next(self._numbers)
            if post(load.bodies(first, 1, EACH)[0]) == 200:
                with self._lock:
                    self.acknowledged.update(f"{first + n:032x}" for n in range(EACH))


def acknowledged(key: str, env: dict[str, str], log: Path, *, times: int) -> set[str]:
    """Kill a server under load so many times; return the numbers of all events that it had acknowledged."""
    senders = _Senders(key)
    server = Server(OURS, env, log)
    senders.port = server.port
    senders.start()
    for _ in range(times):
        time.sleep(BEFORE_A_KILL)
        server.kill()
        server = Server(OURS, env, log)
        senders.port = server.port
    time.sleep(BEFORE_A_KILL)
    senders.stop()
    server.stop()
    return set(senders.acknowledged)


def lost_or_doubled(told: set[str], *, now: datetime) -> tuple[int, int]:
    """Take all segments into the lake; how many acknowledged events are not there, and how many more than once."""
    compaction.compact(now=now)
    with open_lake() as con:
        rows = relation(EVENTS, manifests.days(EVENTS))
        found = dict(con.execute(f"SELECT message_id, count(*) FROM {rows} GROUP BY ALL").fetchall())
    ids = {PUBLIC + number for number in told}
    return len(ids - found.keys()), sum(1 for number in ids if found.get(number, 0) > 1)
