"""Where things live, and addresses that every reader of them understands."""

from pathlib import Path

import environ
import pytest
import redis
from kombu import Connection
from psycopg2.extensions import parse_dsn

from portal.embedded import places

ODD = Path("/home/Bob/Wang ting/网厅%41/var")
LONG = Path("/srv") / ("long" * 20) / "var"


def test_the_same_folder_gives_the_same_addresses(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()

    straight, winding = tmp_path / "a", tmp_path / "a" / ".." / "a"

    assert places.database_url(straight) == places.database_url(winding)
    assert places.redis_url(straight) == places.redis_url(winding)


def test_base_folder_comes_from_the_environment_else_var(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANGTING_VAR", "/srv/branch")
    assert places.places().base == Path("/srv/branch")

    monkeypatch.delenv("WANGTING_VAR")
    assert places.places().base == places.REPOSITORY / "var"
    assert (places.REPOSITORY / "portal" / "embedded" / "places.py").exists()


def test_libpq_reads_the_database_address() -> None:
    read = parse_dsn(places.database_url(ODD))

    assert read == {"user": "wangting", "dbname": "wangting", "port": "5432", "host": f"{ODD}/postgres"}


def test_the_settings_read_the_database_address() -> None:
    read = environ.Env.db_url_config(places.database_url(ODD))

    assert read["ENGINE"] == "django.db.backends.postgresql"
    assert (read["NAME"], read["USER"], read["HOST"], read["PORT"]) == ("wangting", "wangting", "", 5432)
    assert read["OPTIONS"] == {"host": f"{ODD}/postgres"}


def test_redis_and_celery_read_their_addresses() -> None:
    read = redis.ConnectionPool.from_url(places.redis_url(ODD)).connection_kwargs

    assert (read["path"], read["db"]) == (f"{ODD}/valkey/valkey.sock", 0)
    assert Connection(places.broker_url(ODD)).transport_cls == "redis"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/0"),
        ("unix:///run/valkey.sock?db=3", "redis+socket:///run/valkey.sock?virtual_host=3"),
        ("unix:///run/valkey.sock", "redis+socket:///run/valkey.sock?virtual_host=0"),
        ("", "redis+socket:///srv/branch/valkey/valkey.sock?virtual_host=0"),
    ],
)
def test_broker_follows_a_given_redis(given: str, expected: str) -> None:
    assert places.broker_url("/srv/branch", given) == expected


def test_sockets_lie_with_the_data_when_the_path_is_short() -> None:
    where = places.places("/srv/branch")

    assert where.postgres_socket == Path("/srv/branch/postgres/.s.PGSQL.5432")
    assert where.valkey_socket == Path("/srv/branch/valkey/valkey.sock")


@pytest.mark.parametrize("base", [LONG, Path("/srv/a,b/var")])
def test_sockets_of_an_unfit_path_lie_in_a_short_folder_of_their_own(base: Path) -> None:
    where, other = places.places(base), places.places(base / "other")

    sockets = {where.postgres_socket, where.valkey_socket, other.postgres_socket, other.valkey_socket}

    assert len({socket.parent for socket in sockets}) == 4
    assert all(len(str(socket)) < places.LONGEST_SOCKET and "," not in str(socket) for socket in sockets)
    assert where.postgres == base / "postgres"
