"""Which processes make up the house on one machine, in the order they start."""

import os
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from portal.embedded.child import Child
from portal.embedded.places import Places

HOST = "127.0.0.1"
DAYS_FIRST = 5  # days of the demo before the first page; the rest is lived in view
PYTHON = sys.executable
MANAGE = str(Path(__file__).resolve().parent.parent.parent / "manage.py")


class PortTaken(Exception):
    """Another program answers on the port of the web process."""


def check_port(port: int) -> None:
    """Raise PortTaken when something already listens on `port`."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortTaken(f"Port {port} is taken; choose another one with --port.") from error


def children(*, port: int, where: Places, demo: bool, addresses: Mapping[str, str]) -> list[Child]:
    """Return the processes: first what prepares (migrate, static, first days of the demo), then web, worker and beat.

    The rest of the demo is lived in view, before worker and beat: their clock is the present one, and would find the
    messages and tasks of its past days long expired.
    """
    env = {**addresses, "DEMO": "1"} if demo else addresses
    rest = [_demo("demo", [], where, env, in_view=True)] if demo else []
    return [*_preparing(where, demo, env), _web(port, where, env), *rest, *_workers(where, env)]


def _preparing(where: Places, demo: bool, env: Mapping[str, str]) -> list[Child]:
    """Two at a time, as there are cores: the past is written beside migrate, static files beside the first days."""
    migrate = _command("migrate", ["migrate", "--no-input"], where, env)
    static = _command("static", ["collectstatic", "--no-input"], where, env, beside=True)  # it asks no database
    if not demo:
        return [static, migrate]
    past = _command("past", ["demo", "--past"], where, env, beside=True)
    return [past, migrate, static, _demo("first days", ["--until", str(DAYS_FIRST)], where, env)]


def _command(name: str, arguments: list[str], where: Places, env: Mapping[str, str], *, beside: bool = False) -> Child:
    argv = [PYTHON, MANAGE, *arguments, "-v", "0"]
    return Child(name, argv, where.log(name), env, once=True, beside=beside, ready_within=600)


def _demo(name: str, arguments: list[str], where: Places, env: Mapping[str, str], *, in_view: bool = False) -> Child:
    log = where.log(name.replace(" ", "-"))
    argv, few = [PYTHON, MANAGE, "demo", *arguments], {} if "LAKE_THREADS" in os.environ else {"LAKE_THREADS": "1"}
    # Two thousand clients are so few rows that a second thread of DuckDB costs more than it does.
    return Child(name, argv, log, {**env, **few}, once=True, in_view=in_view, ready_within=1800)


def _web(port: int, where: Places, env: Mapping[str, str]) -> Child:
    argv = [
        *[PYTHON, "-m", "granian", "--interface", "wsgi", "portal.wsgi:application"],
        *["--host", HOST, "--port", str(port), "--workers", "1", "--blocking-threads", "8"],
        *["--workers-kill-timeout", "5", "--no-ws"],
    ]
    env = {"LAKE_SHARED": "1", **env}
    return Child("web", argv, where.log("web"), env, ready=lambda: answers(port), ready_within=60)


def _workers(where: Places, env: Mapping[str, str]) -> list[Child]:
    celery = [PYTHON, "-m", "celery", "-A", "portal.celery"]
    as_root = {"C_FORCE_ROOT": "1"} if os.getuid() == 0 else {}
    worker = [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    # Beat is a process of its own: as part of a worker it once outlived it.
    beat = [*celery, "beat", "--loglevel", "INFO", "--pidfile", ""]
    return [
        Child("worker", worker, where.log("worker"), {**env, **as_root}, stop_within=30),
        Child("beat", beat, where.log("beat"), env),
    ]


def answers(port: int) -> bool:
    """Whether the web process says that it is well."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/health/", timeout=2) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False
