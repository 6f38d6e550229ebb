"""What the tests of the embedded services share."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from portal.embedded import places
from portal.embedded.postgres import Postgres
from tests.portal.embedded import tools


@pytest.fixture
def base() -> Iterator[Path]:
    """A short folder that every user may enter; in memory where there is enough, for these tests write much."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 1_000_000_000
    folder = (memory if roomy else Path("/tmp")) / f"wt-{uuid4().hex[:12]}"
    folder.mkdir(mode=0o755)
    yield folder
    tools.until(lambda: not tools.left_behind(folder.name), 10)
    left = tools.left_behind(folder.name)
    for line in left:
        tools.kill(int(line.split()[0]))
    shutil.rmtree(folder, ignore_errors=True)
    assert left == []


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base folder with a stopped cluster in it, to be copied: making one takes most of a second."""
    folder = tmp_path_factory.mktemp("made")
    server = Postgres(places.places(folder), throw_away=True)
    process = server.start()
    process.send_signal(signal.SIGINT)
    process.wait()
    return folder


@pytest.fixture
def postgres(base: Path, made: Path) -> Postgres:
    """A database server with a data folder of its own, not started."""
    shutil.copytree(made / "postgres", base / "postgres")
    (base / "postgres").chmod(0o700)
    return Postgres(places.places(base), throw_away=True)


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests bring up servers of their own."""
    for name in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "WANGTING_VAR", "WANGTING_POSTGRES_AS"):
        monkeypatch.delenv(name, raising=False)
