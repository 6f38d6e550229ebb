"""The pytest plugin that gives the tests their database, run in a pytest of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from portal.embedded import processes
from tests.portal.embedded import tools

CASE = """
import os, pathlib, time
import psycopg2, pytest

pathlib.Path(os.environ["SEEN"], "folder").write_text(os.environ.get("WANGTING_VAR", "none"))

@pytest.mark.parametrize("number", range(4))
def test_it(number):
    link = psycopg2.connect(os.environ["DATABASE_URL"])
    base = pathlib.Path(os.environ["WANGTING_VAR"])
    pathlib.Path(os.environ["SEEN"], str(number)).write_text(str(base))
    assert os.environ["REDIS_URL"].startswith("unix://") and "socket" in os.environ["CELERY_BROKER_URL"]
    while os.environ.get("HANG"):
        time.sleep(0.1)
"""


def started(folder: Path, *options: str, **environment: str) -> subprocess.Popen[str]:
    case = folder / "test_case.py"
    case.write_text(CASE)
    plain = ["-c", "/dev/null", "-p", "no:django", "-p", "no:cacheprovider", "-p", "tests.plugins.database", "-q"]
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", *plain, *options, str(case)],
        env=processes.environment() | {tools.MARKER: folder.name, "SEEN": str(folder)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def seen(folder: Path) -> set[str]:
    """The folders of the servers that the cases were given."""
    return {path.read_text() for path in folder.glob("[0-9]") if path.read_text()}


@pytest.fixture(autouse=True)
def _outside_xdist(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTEST_XDIST_WORKER", "PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER_COUNT"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.slow
def test_workers_share_one_server_that_is_removed_afterwards(base: Path) -> None:
    process = started(base, "-n", "2")
    output, _ = process.communicate()

    assert process.returncode == 0, output
    assert "4 passed" in output
    assert len(seen(base)) == 1
    folder = Path(seen(base).pop())
    assert not folder.exists()
    assert tools.left_behind(folder.name) == []


def test_a_killed_pytest_leaves_no_server_and_no_folder(base: Path) -> None:
    process = started(base, HANG="1")
    assert tools.until(lambda: seen(base))
    folder = Path(seen(base).pop())
    assert len(tools.left_behind(folder.name)) > 4

    process.kill()
    process.communicate()

    assert tools.until(lambda: not folder.exists())
    assert tools.left_behind(folder.name) == []


def test_a_given_server_is_used(base: Path) -> None:
    given = {"DATABASE_URL": "postgres://branch@127.0.0.1:1/branch", "REDIS_URL": "redis://127.0.0.1:1/0"}
    process = started(base, "--collect-only", **given)
    output, _ = process.communicate()

    assert process.returncode == 0, output
    assert (base / "folder").read_text() == "none"


def test_without_a_server_it_says_what_to_set(base: Path) -> None:
    process = started(base, WANGTING_POSTGRES_AS="nothing")
    output, _ = process.communicate()

    assert process.returncode == 4
    assert output.startswith("ERROR: ")
    assert "set DATABASE_URL" in output
    assert "Traceback" not in output
