"""The real server for tests: granian with the collector in front of Django, on the test database; and senders."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.journeys.processes import environment, until
from tests.portal.collect.asking import basic, event

GRANIAN = [
    *[sys.executable, "-m", "granian", "--interface", "wsgi", "portal.wsgi:application", "--no-ws"],
    *["--host", "127.0.0.1", "--workers", "1", "--blocking-threads", "8"],
]


@dataclass
class Server:
    """One server on one port; killed and started again it is another process on the same port and folder."""

    folder: Path
    port: int
    log: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def host(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        argv, env = [*GRANIAN, "--port", str(self.port)], environment(COLLECT_DIR=str(self.folder))
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(argv, env=env, stdout=out, stderr=out, start_new_session=True)
        until(self.answers, self.log)

    def answers(self) -> bool:
        with closing(socket.socket()) as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self) -> None:
        """SIGKILL for the server and its workers, in the middle of whatever they do."""
        if self.process is not None:
            workers = psutil.Process(self.process.pid).children(recursive=True)
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            psutil.wait_procs(workers, timeout=20)
            self.process = None

    def post(self, path: str, body: bytes, key: str) -> tuple[int, bytes]:
        return self.ask("POST", path, body, {"Authorization": basic(key), "Content-Type": "application/json"})

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as line:
            line.request(method, path, body, headers or {})
            answer = line.getresponse()
            return answer.status, answer.read()


@contextmanager
def served(tmp_path: Path) -> Iterator[Server]:
    """Lend a server that answers; ended whatever happens."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = Server(tmp_path / "segments", port, tmp_path / "log")
    server.start()
    try:
        yield server
    finally:
        server.kill()


@dataclass
class Sender:
    """Sends batches of new events for ever; remembers which were acknowledged. No event is sent twice."""

    server: Server
    key: str
    name: str
    size: int = 3
    acknowledged: list[str] = field(default_factory=list)
    sent: int = 0

    def send(self, ended: threading.Event) -> None:
        while not ended.is_set():
            batch = [f"{self.name}-{self.sent}-{number}" for number in range(self.size)]
            self.sent += 1
            body = json.dumps({"batch": [event(messageId=number) for number in batch]}).encode()
            try:
                status, _said = self.server.post("/v1/batch", body, self.key)
            except (OSError, http.client.HTTPException):
                ended.wait(0.02)  # the server is being started again
                continue
            if status == 200:
                self.acknowledged += batch
