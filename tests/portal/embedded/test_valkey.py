"""The embedded Valkey, with real servers."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import redis
from kombu import Connection

from portal.embedded import places, processes
from portal.embedded.valkey import Valkey
from tests.portal.embedded import tools


@contextmanager
def running(server: Valkey) -> Iterator[subprocess.Popen[bytes]]:
    process = server.start()
    try:
        yield process
    finally:
        server.stop(process)


def link(server: Valkey) -> "redis.Redis[bytes]":
    return redis.Redis.from_url(places.redis_url(server.places.base))


def test_it_answers_on_a_private_socket_alone(base: Path) -> None:
    server = Valkey(places.places(base))

    with running(server) as process:
        assert link(server).ping() is True
        assert psutil.Process(process.pid).net_connections(kind="inet") == []
        assert server.data.stat().st_mode & 0o777 == 0o700
        assert server.places.valkey_socket.stat().st_mode & 0o777 == 0o700

    assert not server.ready()


def test_a_message_survives_a_killed_server(base: Path) -> None:
    server = Valkey(places.places(base))
    process = server.start()
    with link(server) as client:
        client.config_set("appendfsync", "always")
        client.lpush("queue", "job 7")
    process.kill()
    process.wait()

    with running(server), link(server) as client:
        assert client.rpop("queue") == b"job 7"


def test_throw_away_leaves_nothing_on_disk(base: Path) -> None:
    server = Valkey(places.places(base), throw_away=True)

    with running(server), link(server) as client:
        client.set("a", "1")

    assert [path.name for path in server.data.iterdir() if not path.is_socket()] == []


@pytest.mark.parametrize("folder", ["Wang ting/网厅%41", "long" * 30])
def test_celery_and_redis_reach_it_under_odd_paths(base: Path, folder: str) -> None:
    server = Valkey(places.places(base / folder), throw_away=True)

    with running(server), link(server) as client, Connection(places.broker_url(base / folder)) as broker:
        queue = broker.SimpleQueue("jobs")
        queue.put({"job": 7})
        waiting = client.llen("jobs")
        got = queue.get(timeout=5).payload

    assert (waiting, got) == (1, {"job": 7})
    if server.places.valkey_socket.parent != server.data:
        server.places.valkey_socket.parent.rmdir()


def test_it_ends_when_its_starter_is_killed(base: Path) -> None:
    server = Valkey(places.places(base), throw_away=True)
    child = tools.start_child(server.start)
    assert tools.until(server.ready)

    tools.kill_child(child)

    assert tools.until(lambda: not processes.working_in(server.data))


def test_a_server_that_cannot_start_says_why(base: Path) -> None:
    server = Valkey(places.places(base))
    (base / "valkey" / "appendonlydir").mkdir(parents=True)
    (base / "valkey" / "appendonlydir" / "appendonly.aof.manifest").write_text("nonsense\n")

    with pytest.raises(processes.DidNotStart, match="Invalid AOF manifest file format"):
        server.start()
