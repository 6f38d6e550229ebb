"""A real web server of a benchmark's own: granian as the house runs it, on a free port of this machine."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psutil
from django.conf import settings
from django.db import connection

from bench.result import NotMeasured

HOST, PATIENCE = "127.0.0.1", 60.0
OURS, PEER = "portal.wsgi:application", "bench.capturing.peer_wsgi:application"


class Server:
    """One running server. Its CPU seconds are those of all its processes."""

    def __init__(self, target: str, env: Mapping[str, str], log: Path) -> None:
        self.port = _free_port()
        argv = [
            *[sys.executable, "-m", "granian", "--interface", "wsgi", target],
            *["--host", HOST, "--port", str(self.port), "--workers", "1", "--blocking-threads", "8", "--no-ws"],
        ]
        with log.open("ab") as out:
            self._process = subprocess.Popen(argv, env={**os.environ, **env}, stdout=out, stderr=out)
        self._wait(log)

    def cpu(self) -> float:
        """CPU seconds, user and system, of all its processes so far."""
        return sum(sum(one.cpu_times()[:2]) for one in self._all())

    def kill(self) -> None:
        """End it as a failing power supply would."""
        for one in self._all():
            one.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """End it in order."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()

    def _all(self) -> list[psutil.Process]:
        first = psutil.Process(self._process.pid)
        return [first, *first.children(recursive=True)]

    def _wait(self, log: Path) -> None:
        until = time.monotonic() + PATIENCE
        while not _answers(self.port):
            if self._process.poll() is not None or time.monotonic() > until:
                self._process.kill()
                raise NotMeasured(f"The server did not come up: {log.read_text()[-2000:]}")
            time.sleep(0.05)


@contextmanager
def running(target: str, env: Mapping[str, str], log: Path) -> Iterator[Server]:
    """Use a server for a while."""
    server = Server(target, env, log)
    try:
        yield server
    finally:
        server.stop()


def environment(segments: Path) -> dict[str, str]:
    """Return what lets a server use the database and lake of this benchmark and keep events in `segments`."""
    return {
        "DATABASE_URL": _database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "LAKE_DIR": str(settings.LAKE_DIR),
        "COLLECT_DIR": str(segments),
        "WANGTING_VAR": str(settings.VAR),
        "STATIC_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",  # whatever was collected here
    }


def _database_url() -> str:
    found = connection.settings_dict
    who = f"{quote(found['USER'])}:{quote(found['PASSWORD'] or '', safe='')}"
    place, options = found["HOST"], found.get("OPTIONS", {})
    folder = options.get("host") or (place if str(place).startswith("/") else "")
    host, query = ("", f"?host={quote(folder)}") if folder else (place, "")
    return f"postgres://{who}@{host}:{found['PORT']}/{found['NAME']}{query}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
