"""`manage.py up` as a person starts it: real processes on a folder of its own, and none of them left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from portal.embedded.places import REPOSITORY
from portal.operations import house

pytestmark = pytest.mark.xdist_group("up")
READY_WITHIN, GONE_WITHIN = 240.0, 60.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("house")


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind((house.HOST, 0))
        return int(probe.getsockname()[1])


def start(folder: Path, port: int) -> subprocess.Popen[str]:
    """Start the house with its own services, as if no address were configured."""
    mine = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    command = [sys.executable, str(REPOSITORY / "manage.py"), "up", "--port", str(port)]
    return subprocess.Popen(
        command, env=mine | {"WANGTING_VAR": str(folder)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


@pytest.fixture
def running(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    process = start(folder, port)
    deadline = time.monotonic() + READY_WITHIN
    while not house.answers(port) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.2)
    if not house.answers(port):
        process.kill()
        pytest.fail(process.communicate()[0])
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()
    assert gone(folder) == []


def ours(folder: Path) -> list[str]:
    """The command lines of every process that works on the folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("WANGTING_VAR") == str(folder) or str(folder) in " ".join(process.cmdline()):
                found.append(" ".join(process.cmdline()))
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def gone(folder: Path) -> list[str]:
    deadline = time.monotonic() + GONE_WITHIN
    while (left := ours(folder)) and time.monotonic() < deadline:
        time.sleep(0.2)
    return left


def test_it_answers_refuses_a_second_one_and_ends_whole_on_sigterm(
    running: subprocess.Popen[str], folder: Path, port: int
) -> None:
    with urllib.request.urlopen(f"http://{house.HOST}:{port}/login/") as page:
        assert page.status == 200
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert {path.stat().st_mode & 0o077 for path in (folder / "log", *(folder / "log").iterdir())} == {0}

    second = start(folder, port + 1)
    said = second.communicate(timeout=60)[0]

    assert second.returncode == 1
    assert f"Already running on {folder} as process" in said
    running.send_signal(signal.SIGTERM)
    assert running.wait(60) == 0
    assert gone(folder) == []


def test_nothing_is_left_when_the_supervisor_is_killed(running: subprocess.Popen[str], folder: Path) -> None:
    assert len(ours(folder)) >= 5  # supervisor, database, broker, web, worker, beat

    running.send_signal(signal.SIGKILL)
    running.wait()

    assert gone(folder) == []


def test_a_taken_port_is_said_before_anything_starts(folder: Path, port: int) -> None:
    with socket.socket() as other:
        other.bind((house.HOST, port))
        other.listen()

        process = start(folder, port)
        said = process.communicate(timeout=60)[0]

    assert process.returncode == 1
    assert f"Port {port} is taken" in said
    assert gone(folder) == []
