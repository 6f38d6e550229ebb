"""Events over HTTP: bodies as the web tracker sends them, sent by several threads over kept connections."""

import json
import re
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import count

from bench.capturing.server import HOST
from bench.result import NotMeasured

LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
THREADS = 48  # a branch hears many at once: that is what sharing a sync is for
MOMENT = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")  # old events are refused
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"


Post = Callable[[bytes], int]  # sends a body, gives the status


def event(number: int) -> dict[str, object]:
    """Return the event with this number, of some 350 bytes."""
    return {
        "messageId": f"{number:032x}",
        "type": "track",
        "event": "stock_viewed",
        "anonymousId": f"{number % 5000:032x}",
        "timestamp": MOMENT,
        "context": {"channel": "web", "page": {"path": "/holdings/"}, "screen": {"width": 390, "height": 844}},
        "properties": {"symbol": f"{600000 + number % 900}.SH", "dwell_ms": number % 60000},
    }


def bodies(first: int, requests: int, each: int) -> list[bytes]:
    """Return the bodies of so many requests; one event goes alone, more as a batch."""
    if each == 1:
        return [json.dumps(event(first + n)).encode() for n in range(requests)]
    starts = range(first, first + requests * each, each)
    return [json.dumps({"batch": [event(start + n) for n in range(each)]}).encode() for start in starts]


def send(port: int, key: str, texts: Sequence[bytes], *, each: int, under: str = "") -> int:
    """Send all of them as fast as it goes; return how many events were acknowledged. Raises NotMeasured."""
    path = f"{under}/v1/track" if each == 1 else f"{under}/v1/batch"
    queue, faults = iter(texts), list[str]()
    lock = threading.Lock()

    def work() -> None:
        post = poster(port, key, path)
        while (text := _next(queue, lock)) is not None and not faults:
            status = post(text)
            if status != 200:
                faults.append(f"{path} answered {status}")

    _together([work] * THREADS)
    if faults:
        raise NotMeasured(faults[0])
    return len(texts) * each


def poster(port: int, key: str, path: str) -> Post:
    """Return what sends one body over a kept connection and gives the status.

    Sockets and no library: whoever sends shares two cores with the server, and a slow sender leaves nothing to share
    a sync with.
    """
    connection = socket.create_connection((HOST, port), timeout=60)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    basic = b64encode(f"{key}:".encode()).decode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nAuthorization: Basic {basic}\r\nUser-Agent: {AGENT}\r\n"
        "Content-Type: application/json\r\nContent-Length: "
    ).encode()

    def post(body: bytes) -> int:
        connection.sendall(b"%s%d\r\n\r\n%s" % (head, len(body), body))
        return _status(connection)

    return post


def _status(connection: socket.socket) -> int:
    """Read one answer, whole. Raises ConnectionError when the server has gone."""
    text, wanted = b"", -1
    while wanted < 0 or len(text) < wanted:
        part = connection.recv(65536)
        if not part:
            raise ConnectionError("the server has gone")
        text += part
        if wanted < 0 and b"\r\n\r\n" in text:
            head, _, _ = text.partition(b"\r\n\r\n")
            length = LENGTH.search(head)
            wanted = len(head) + 4 + (int(length[1]) if length else 0)
    return int(text[9:12])


class Stream:
    """A steady stream of events beside something else: `with Stream(port, key, per_second=2000): …`"""

    def __init__(self, port: int, key: str, *, per_second: int, each: int, first: int) -> None:
        self._port, self._key, self._each = port, key, each
        self._pause = each / per_second
        self._numbers, self._stop = count(first, each), threading.Event()
        self.events = 0

    def __enter__(self) -> "Stream":
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        post, due = poster(self._port, self._key, "/v1/batch"), time.monotonic()
        while not self._stop.is_set():
            if post(bodies(next(self._numbers), 1, self._each)[0]) == 200:
                self.events += self._each
            due += self._pause
            time.sleep(max(0.0, due - time.monotonic()))


def _next(queue: Iterator[bytes], lock: threading.Lock) -> bytes | None:
    with lock:
        return next(queue, None)


def _together(works: Sequence[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
