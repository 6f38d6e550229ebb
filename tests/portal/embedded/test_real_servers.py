"""The whole of `up` in small: granian with two workers, Celery with busy prefork children, and a SIGKILL."""

import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from celery import Celery

from portal.embedded import places, processes
from portal.embedded.valkey import Valkey
from tests.portal.embedded import tools

SCRIPT = """
import sys
from pathlib import Path
from portal.embedded.child import Child
from portal.embedded.supervisor import Supervisor
base, port, broker = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
little = "tests.portal.embedded.little_web"
web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--port", port, f"{little}:app"]
worker = [sys.executable, "-m", "celery", "-A", f"{little}:celery", "worker", "-c", "2", "--pool", "prefork"]
env = {"LITTLE_BROKER": broker, "C_FORCE_ROOT": "1"}
children = [Child("web", web, base / "log/web.log"), Child("worker", worker, base / "log/worker.log", env=env)]
Supervisor(children, pid_file=base / "run" / "up.pid", patience=1).run()
"""


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with closing(socket.socket()) as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.slow
def test_a_killed_supervisor_leaves_no_web_server_and_no_busy_worker(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)  # this worker is not the house's
    broker = Valkey(places.places(base), throw_away=True)
    valkey, port, begun = broker.start(), free_port(), base / "begun"
    address = places.broker_url(base)
    command = [sys.executable, "-c", SCRIPT, str(base), str(port), address]
    supervisor = subprocess.Popen(command, env=processes.environment() | {tools.MARKER: base.name})
    try:
        Celery("little", broker=address).send_task("little.sleep", [str(begun)])
        assert tools.until(lambda: begun.exists() and answers(port), 60)
        mine = [line for line in tools.left_behind(base.name) if "valkey" not in line.partition(" -m ")[0]]
        assert len([line for line in mine if "celery" in line]) == 3
        assert len([line for line in mine if "granian" in line]) >= 3
    finally:
        supervisor.kill()
        supervisor.wait()
        gone = tools.until(lambda: len(tools.left_behind(base.name)) == 1)
        broker.stop(valkey)

    assert gone
    assert not answers(port)
