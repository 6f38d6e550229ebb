"""The embedded PostgreSQL, with real servers."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import psycopg2
import pytest

from portal.embedded import binaries, places, processes
from portal.embedded.postgres import Failed, Postgres
from tests.portal.embedded import tools


@contextmanager
def running(server: Postgres) -> Iterator[subprocess.Popen[bytes]]:
    process = server.start()
    try:
        yield process
    finally:
        server.stop(process)


def link(server: Postgres) -> "psycopg2.extensions.connection":
    return psycopg2.connect(places.database_url(server.places.base))


def ask(server: Postgres, question: str) -> object:
    with closing(link(server)) as connection, connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def test_a_new_folder_holds_role_and_database(base: Path) -> None:
    server = Postgres(places.places(base))

    with running(server):
        answer = ask(server, "SELECT current_user || ' ' || current_database() || ' ' || current_setting('fsync')")

    assert answer == "wangting wangting on"
    assert not server.ready()


def test_what_was_committed_is_there_at_the_next_start(postgres: Postgres) -> None:
    safe = Postgres(postgres.places)
    with running(safe), closing(link(safe)) as connection:
        connection.autocommit = True
        connection.cursor().execute("CREATE TABLE fact AS SELECT 42 AS answer")

    with running(safe):
        assert ask(safe, "SELECT answer FROM fact") == 42


def test_it_listens_on_no_network_port(postgres: Postgres) -> None:
    with running(postgres) as process:
        assert psutil.Process(process.pid).net_connections(kind="inet") == []
        assert ask(postgres, "SHOW listen_addresses") == ""


def test_it_knows_chinese_letters_and_sorts_by_code_point(postgres: Postgres) -> None:
    with running(postgres), closing(link(postgres)) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION pg_trgm")
        cursor.execute("SELECT cardinality(show_trgm('贵州茅台')), '茅' ~ '\\w', upper('é')")
        assert cursor.fetchone() == (5, True, "É")
        cursor.execute("SELECT string_agg(name, '' ORDER BY name) FROM (VALUES ('茅'), ('b'), ('A'), ('a')) v (name)")
        assert cursor.fetchone() == ("Aab茅",)


def test_the_log_keeps_no_personal_data(postgres: Postgres) -> None:
    with running(postgres), closing(link(postgres)) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE client (mobile text UNIQUE); INSERT INTO client VALUES ('13800138000')")
        with pytest.raises(psycopg2.errors.UniqueViolation):
            cursor.execute("INSERT INTO client VALUES ('13800138000')")

    log = postgres.log.read_text()
    assert "duplicate key value violates unique constraint" in log
    assert "13800138000" not in log


def test_the_shell_of_the_starter_changes_nothing(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PGPORT": "9999", "PGDATA": "/nowhere", "PGHOST": "/nowhere", "LC_ALL": "tlh_QO"}.items():
        monkeypatch.setenv(name, value)

    with running(postgres):
        assert ask(postgres, "SHOW port") == "5432"


def test_a_path_too_long_for_a_socket_works(base: Path) -> None:
    server = Postgres(places.places(base / ("long" * 30)), throw_away=True)

    with running(server):
        folder = server.places.postgres_sockets
        assert ask(server, "SELECT 1") == 1
        assert folder.parent == Path("/tmp")
        assert folder.stat().st_mode & 0o777 == 0o700
    folder.rmdir()


def test_initdb_killed_half_way_is_noticed_and_done_again(base: Path) -> None:
    server = Postgres(places.places(base), throw_away=True)
    child = tools.start_child(server.start)
    assert tools.until(lambda: list(base.glob("postgres.draft-*/base/1")))
    tools.kill_child(child)
    assert not server.data.exists()

    with running(server):
        assert ask(server, "SELECT current_database()") == "wangting"

    assert list(base.glob("postgres.draft-*")) == []


def test_a_killed_server_starts_again_although_its_number_has_a_new_owner(postgres: Postgres) -> None:
    process = postgres.start()
    process.kill()
    process.wait()
    stranger = subprocess.Popen(["sleep", "1000"])
    pid_file = postgres.data / "postmaster.pid"
    pid_file.write_text(f"{stranger.pid}\n" + pid_file.read_text().partition("\n")[2])

    with running(postgres) as second:
        assert ask(postgres, "SELECT 1") == 1
        assert pid_file.read_text().splitlines()[0] == str(second.pid)

    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_a_busy_backend_of_a_killed_server_is_ended_before_the_next_start(postgres: Postgres) -> None:
    process = postgres.start()
    busy = psycopg2.connect(places.database_url(postgres.places.base), async_=True)
    assert tools.until(lambda: busy.poll() == psycopg2.extensions.POLL_OK)
    backend = psutil.Process(busy.info.backend_pid)
    busy.cursor().execute("SELECT count(*) FROM generate_series(1, 1e15) AS n WHERE n < 0")
    process.kill()
    process.wait()
    assert processes.alive(backend)

    with running(postgres):
        assert ask(postgres, "SELECT 1") == 1
        assert not processes.alive(backend)


def test_somebody_elses_running_server_is_left_alone(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.embedded.postgres.ENDING_WITHIN", 0.1)
    with running(postgres) as first:
        with pytest.raises(Failed, match=f"process {first.pid}"):
            Postgres(postgres.places).start()

        assert ask(postgres, "SELECT 1") == 1


def test_data_of_another_version_is_refused_and_kept(base: Path) -> None:
    (base / "postgres").mkdir(mode=0o700)
    (base / "postgres" / "PG_VERSION").write_text("99\n")

    with pytest.raises(binaries.Missing, match="PostgreSQL 99 was not found"):
        Postgres(places.places(base)).start()

    assert [path.name for path in (base / "postgres").iterdir()] == ["PG_VERSION"]


def test_the_server_ends_when_its_starter_is_killed(postgres: Postgres) -> None:
    child = tools.start_child(postgres.start)
    assert tools.until(postgres.ready)
    assert len(processes.working_in(postgres.data)) > 1

    tools.kill_child(child)

    assert tools.until(lambda: not processes.working_in(postgres.data))


def test_a_server_that_cannot_start_says_why(postgres: Postgres) -> None:
    (postgres.data / "postgresql.conf").write_text("nonsense = on\n")

    with pytest.raises(processes.DidNotStart, match='unrecognized configuration parameter "nonsense"'):
        postgres.start()

    assert processes.working_in(postgres.data) == []


@pytest.mark.slow
@pytest.mark.skipif(not list(binaries.DISTRIBUTION.glob("*/bin/initdb")), reason="the system has no PostgreSQL")
def test_programs_of_the_system_do_as_well(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "find_spec", lambda name: None)
    server = Postgres(places.places(base), throw_away=True)

    with running(server) as process:
        assert psutil.Process(process.pid).exe().startswith(os.fspath(binaries.DISTRIBUTION))
        assert ask(server, "SELECT upper('é') || current_database()") == "Éwangting"


def test_stopping_cuts_clients_off(postgres: Postgres) -> None:
    safe = Postgres(postgres.places)
    process = safe.start()
    with closing(link(safe)) as idle:
        safe.stop(process)

        assert process.returncode == 0
        with pytest.raises(psycopg2.OperationalError):
            idle.cursor().execute("SELECT 1")
