"""Tools of the tests of the collector: a collector without a server, and one in a real one."""

import gzip
import io
import json
from base64 import b64encode
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from portal.collect.collector import Collector, Limits
from portal.collect.keys import KnownKeys
from portal.collect.models import WriteKey
from portal.collect.segments import Segments, ready, whole_lines
from portal.collect.services import digest_of

PUBLIC, SERVER = "a-public-key", "a-server-key"
LIMITS = Limits(event_bytes=32 * 1024, batch_bytes=500 * 1024, batch_events=2500, retry_after=5)
KEYS = [
    WriteKey(pk=7, kind="public", platform="web", value=PUBLIC, digest=digest_of(PUBLIC)),
    WriteKey(pk=8, kind="server", platform="counter", digest=digest_of(SERVER)),
]


@dataclass
class Answer:
    """What came back."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def said(self) -> Any:
        return json.loads(self.body)


class Door:
    """A collector over a folder, asked as a WSGI server would ask it; whatever it does not take goes to `behind`."""

    def __init__(self, folder: Path, limits: Limits = LIMITS, **changes: Any) -> None:
        self.folder = folder
        self.segments = Segments(folder, largest=1 << 26, oldest=60)
        self.known = KnownKeys(lambda: KEYS)
        self.collector = Collector(
            self.behind, segments=self.segments, known=self.known, limits=replace(limits, **changes)
        )

    def behind(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        start("200 OK", [("X-Behind", environ["PATH_INFO"])])
        return [b"Django"]

    def ask(self, path: str, body: bytes = b"", method: str = "POST", **environ: Any) -> Answer:
        """Send bytes as they are."""
        answer = Answer()

        def start(status: str, headers: list[tuple[str, str]]) -> None:
            answer.status, answer.headers = int(status.split(" ")[0]), dict(headers)

        given = {"PATH_INFO": path, "REQUEST_METHOD": method, "wsgi.input": io.BytesIO(body), **environ}
        answer.body = b"".join(self.collector(given, start))
        return answer

    def send(self, path: str, body: Any, *, key: str = PUBLIC, zipped: bool = False, **environ: Any) -> Answer:
        """Send JSON with a key by HTTP Basic."""
        raw = json.dumps(body).encode()
        if zipped:
            raw, environ = gzip.compress(raw), {"HTTP_CONTENT_ENCODING": "gzip", **environ}
        return self.ask(path, raw, HTTP_AUTHORIZATION=basic(key), **environ)

    def kept(self) -> list[dict[str, Any]]:
        """Every line of the segments, which are closed by this."""
        self.segments.close()
        return lines_of(self.folder)


def lines_of(folder: Path) -> list[dict[str, Any]]:
    """Every line of the segments that nobody writes any more."""
    return [json.loads(line) for path in ready(folder) for line in whole_lines(path)]


def basic(key: str) -> str:
    """The header in which SDKs send a key."""
    return "Basic " + b64encode(f"{key}:".encode()).decode()


def event(**changes: Any) -> dict[str, Any]:
    """An event as the web library sends it; None takes a field out."""
    told = {
        "type": "track", "event": "stock_viewed", "messageId": "m-1", "anonymousId": "a-1",
        "timestamp": "2026-11-22T02:00:00.000Z", "context": {"page": {"path": "/holdings/"}},
        "properties": {"symbol": "600519.SH", "dwell_ms": 8400}, **changes,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value is not None}
