"""Borrowing the services: several real processes use, leave and lose them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest
import redis

from portal.embedded import places, processes, services
from portal.embedded.locks import Lock
from portal.embedded.postgres import Postgres
from tests.portal.embedded import tools

BORROWER = """
import sys
from portal.embedded import services
with services.borrowed(sys.argv[1]) as lent:
    print("up", flush=True)
    sys.stdin.read()
print("gone", flush=True)
"""


@pytest.fixture(autouse=True)
def _only_postgres(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")


class Borrower:
    """A process that borrows the services of `base` until it is told to leave."""

    def __init__(self, base: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", BORROWER, str(base)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=processes.environment() | {tools.MARKER: base.name},
            text=True,
        )

    def says(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def leave(self) -> str:
        """Tell it to leave; return what it says when the services are given back."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        said = self.says()
        self.process.wait()
        return said

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def borrower(base: Path) -> Iterator[Borrower]:
    person = Borrower(base)
    try:
        yield person
    finally:
        person.kill()


def one(base: Path) -> int:
    link = psycopg2.connect(places.database_url(base))
    with link, link.cursor() as cursor:
        cursor.execute("SELECT 1")
        answer = cursor.fetchone()[0]
    link.close()
    return answer


def keeper_pid(base: Path) -> int:
    with Lock(places.places(base).pid_file("postgres")) as lock:
        return lock.read_pid() or 0


def test_the_first_start_makes_everything_and_the_end_stops_it(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDIS_URL")

    with services.borrowed(base) as lent:
        assert one(base) == 1
        assert redis.Redis.from_url(lent.environment()["REDIS_URL"]).ping() is True
        assert sorted(lent.environment()) == ["CELERY_BROKER_URL", "DATABASE_URL", "REDIS_URL"]

    assert tools.left_behind(base.name) == []
    assert (base / "postgres" / "PG_VERSION").exists()


def test_two_that_race_share_one_server(base: Path, postgres: Postgres) -> None:
    with borrower(base) as alice, borrower(base) as bob:
        assert (alice.says(), bob.says()) == ("up", "up")

        assert one(base) == 1
        assert len([line for line in tools.left_behind(base.name) if "embedded.keeper" in line]) == 1


def test_the_starter_may_leave_while_another_works(base: Path, postgres: Postgres) -> None:
    with borrower(base) as alice:
        assert alice.says() == "up"
        with borrower(base) as bob:
            assert bob.says() == "up"

            assert alice.leave() == "gone"

            assert one(base) == 1
            assert bob.leave() == "gone"
    assert tools.left_behind(base.name) == []


def test_the_starter_may_be_killed_while_another_works(base: Path, postgres: Postgres) -> None:
    with borrower(base) as alice:
        assert alice.says() == "up"
        with borrower(base) as bob:
            assert bob.says() == "up"

            alice.kill()

            assert one(base) == 1
            assert bob.leave() == "gone"
    assert tools.left_behind(base.name) == []


def test_a_killed_borrower_leaves_nothing(base: Path, postgres: Postgres) -> None:
    with borrower(base) as alice:
        assert alice.says() == "up"

        alice.kill()

        assert tools.until(lambda: not tools.left_behind(base.name))
    assert not (base / "postgres" / "postmaster.pid").exists()


@pytest.mark.slow
def test_coming_while_the_last_one_leaves_waits_and_starts_anew(base: Path, postgres: Postgres) -> None:
    for _ in range(5):
        with borrower(base) as alice, borrower(base) as bob:
            assert alice.says() == "up"
            alice.process.stdin.close()  # type: ignore[union-attr]

            assert bob.says() == "up"
            assert one(base) == 1


def test_a_killed_keeper_is_replaced(base: Path, postgres: Postgres) -> None:
    with services.borrowed(base) as lent:
        first = keeper_pid(base)
        os.kill(first, signal.SIGKILL)
        assert tools.until(lambda: not processes.working_in(base / "postgres"))

        lent.ensure()

        assert one(base) == 1
        assert keeper_pid(base) != first
    assert tools.left_behind(base.name) == []


def test_a_killed_server_is_started_again(base: Path, postgres: Postgres) -> None:
    with services.borrowed(base):
        os.kill(int((base / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        assert tools.until(lambda: not postgres.ready())

        assert tools.until(postgres.ready)

        assert one(base) == 1


def test_ctrl_c_in_a_borrower_stops_the_server_in_order(base: Path, postgres: Postgres) -> None:
    with borrower(base) as alice:
        assert alice.says() == "up"

        alice.process.send_signal(signal.SIGINT)
        alice.process.wait()

    assert tools.left_behind(base.name) == []
    assert "database system is shut down" in postgres.log.read_text()


def test_addresses_from_outside_start_nothing(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://branch@127.0.0.1/branch")

    with services.borrowed(base) as lent:
        assert lent.names == ()
        assert lent.environment() == {}

    assert list(base.iterdir()) == []


@pytest.mark.parametrize("argv", [["manage.py", "help"], ["manage.py"], ["manage.py", "collectstatic"]])
def test_commands_without_database_start_nothing(base: Path, monkeypatch: pytest.MonkeyPatch, argv: list[str]) -> None:
    monkeypatch.setenv("WANGTING_VAR", str(base))

    with services.borrowed_for(argv):
        assert list(base.iterdir()) == []


def test_a_command_that_needs_a_database_gets_it(
    base: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WANGTING_VAR", str(base))

    with services.borrowed_for(["manage.py", "migrate"]):
        assert one(base) == 1

    assert tools.left_behind(base.name) == []


def test_without_programs_a_command_ends_with_plain_words(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANGTING_VAR", str(base))
    (base / "postgres").mkdir()
    (base / "postgres" / "PG_VERSION").write_text("99\n")

    with pytest.raises(SystemExit) as ended, services.borrowed_for(["manage.py", "migrate"]):
        raise AssertionError("the command must not begin")

    assert str(ended.value).startswith("PostgreSQL 99 was not found (found: 18 in ")
    assert str(ended.value).count("\n") == 0


def test_thrown_away_services_leave_no_folder() -> None:
    with services.thrown_away() as lent:
        assert one(lent.places.base) == 1

    assert not lent.places.base.exists()
    assert tools.left_behind(lent.places.base.name) == []
