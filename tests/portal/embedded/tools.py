"""Help for tests with real processes: run a function as another user, find what was left behind."""

import ctypes
import os
import pickle
import signal
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

MARKER = "WANGTING_TEST_MARKER"
ORDINARY = 1  # `daemon` on every Linux: a user with a name that owns nothing here
NAMELESS = 12345  # as in a container that is started with a made-up user id
CLONE_NEWUSER = 0x10000000
PR_SET_DUMPABLE = 4


def until(condition: Callable[[], object], seconds: float = 120.0) -> bool:
    """Wait for something that must come; the seconds only bound a failing test."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def left_behind(token: str) -> list[str]:
    """Name the living processes that carry `token` in environment, command line or working directory."""
    found = []
    for each in psutil.process_iter(["cmdline", "environ", "cwd", "status", "pid"]):
        info = each.info
        texts = [(info["environ"] or {}).get(MARKER, ""), info["cwd"] or "", *(info["cmdline"] or [])]
        if any(token in text for text in texts) and info["status"] != psutil.STATUS_ZOMBIE:
            found.append(f"{info['pid']} {' '.join(info['cmdline'] or [])}")
    return [line for line in found if not line.startswith(f"{os.getpid()} ")]


def start_child(work: Callable[[], object]) -> int:
    """Run `work` in a forked child that then waits to be killed; return its process id at once."""
    child = os.fork()
    if child == 0:
        try:
            work()
            signal.pause()
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    return child


def kill_child(child: int) -> None:
    """Kill a forked child and collect it."""
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def as_user(uid: int, work: Callable[[], Any]) -> Any:
    """Run `work` in a forked child as user `uid`. The interpreter itself may be unreadable to that user."""
    return _in_child(work, lambda: _become(uid))


def without_namespaces(work: Callable[[], Any]) -> Any:
    """Run `work` as root in a place where the system refuses user namespaces, as old container runtimes do.

    The place is itself a user namespace holding all ordinary ids, with none allowed inside.
    """
    asking, asked = os.pipe()
    mapped, mapping = os.pipe()

    def enter() -> None:
        if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER):
            return  # refused here already
        os.write(asked, b"map me")
        os.read(mapped, 1)
        os.setgid(0)
        os.setuid(0)
        Path("/proc/sys/user/max_user_namespaces").write_text("0")

    def map_it(child: int) -> None:
        os.close(asked)
        if os.read(asking, 6):
            for name in ("uid_map", "gid_map"):
                Path(f"/proc/{child}/{name}").write_text("0 0 65536")
            os.write(mapping, b"!")

    return _in_child(work, enter, map_it)


def _become(uid: int) -> None:
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)  # as after the exec of a real login


def _in_child(
    work: Callable[[], Any], before: Callable[[], None], meanwhile: Callable[[int], None] = lambda pid: None
) -> Any:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _answer(writer, work, before)
    os.close(writer)
    meanwhile(child)
    with os.fdopen(reader, "rb") as answer:
        text = answer.read()
    os.waitpid(child, 0)
    done, result = pickle.loads(text)
    assert done, result
    return result


def _answer(writer: int, work: Callable[[], Any], before: Callable[[], None]) -> None:
    try:
        before()
        answer = (True, work())
    except BaseException:
        answer = (False, traceback.format_exc())
    os.write(writer, pickle.dumps(answer))
    os._exit(0)


def kill(pid: int) -> None:
    """Kill a process that may be gone already."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
