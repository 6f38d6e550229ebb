"""How long a page of the portal takes while events arrive, against the same page without them, in turns."""

import http.client
import time
from statistics import median

from bench.capturing import load
from bench.capturing.server import HOST
from bench.result import NotMeasured

PATH = "/privacy/"
TURNS, PAGES = 6, 60  # turns of each kind, pages in each
PER_SECOND, EACH = 2000, 20


def latency(port: int, key: str) -> tuple[float, float, float]:
    """Return milliseconds of a page (median of the turns' medians) without and with events, and events a second."""
    quiet, busy, events, seconds = [], [], 0, 0.0
    _turn(port)  # the first pages fill caches
    for turn in range(TURNS):
        quiet.append(_turn(port))
        began = time.monotonic()
        with load.Stream(port, key, per_second=PER_SECOND, each=EACH, first=20_000_000_000 + turn * 10**7) as stream:
            busy.append(_turn(port))
        seconds += time.monotonic() - began
        events += stream.events
    return median(quiet), median(busy), events / seconds


def _turn(port: int) -> float:
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    taken = []
    for _ in range(PAGES):
        began = time.perf_counter()
        connection.request("GET", PATH, headers={"Accept-Language": "zh-CN"})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise NotMeasured(f"{PATH} answered {answer.status}")
        taken.append((time.perf_counter() - began) * 1000)
        time.sleep(0.01)  # a person, not a second load test
    return median(taken)
