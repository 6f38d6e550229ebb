"""The supervisor and its guard: real processes, real signals, and a count of what is left."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from portal.embedded import processes
from portal.embedded.locks import Lock
from portal.embedded.places import places
from tests.portal.embedded import tools

GUARD = f"{sys.executable} -m portal.embedded.guard"
FIRST, SECOND = "sleep 1001", "sh -c trap"  # the children of the stubborn child
ASKING = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


class Branch:
    """The little branch of branch.py as a process of its own."""

    def __init__(self, base: Path, *names: str) -> None:
        self.base = base
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.portal.embedded.branch", str(base), *names],
            stdout=subprocess.PIPE,
            env=processes.environment() | {tools.MARKER: base.name},
            text=True,
        )

    def says(self) -> str:
        """Return the next line it prints, empty at its end."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def until(self, text: str) -> list[str]:
        """Return all lines up to the one that is `text`."""
        lines = [self.says()]
        while lines[-1] not in (text, ""):
            lines.append(self.says())
        assert lines[-1] == text, lines
        return lines

    def ask(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait()

    def child(self, command: str) -> psutil.Process:
        """Return the one process of the branch whose command line begins with `command`.

        What a shell has just forked looks like the shell itself until it runs its own program: wait for that.
        """
        found: list[int] = []

        def alone() -> bool:
            lines = (line.partition(" ") for line in tools.left_behind(self.base.name))
            found[:] = [int(pid) for pid, _, told in lines if told.startswith(command)]
            return len(found) == 1

        assert tools.until(alone), found
        return psutil.Process(found[0])


@contextmanager
def branch(base: Path, *names: str) -> Iterator[Branch]:
    it = Branch(base, *names)
    try:
        yield it
    finally:
        it.process.kill()
        it.process.wait()


def story(base: Path) -> list[str]:
    path = base / "story"
    return path.read_text().splitlines() if path.exists() else []


@pytest.mark.parametrize(("status", "told"), [(0, "long is done"), (4, "long ended with 4. The end of ")])
def test_the_house_is_up_while_a_child_runs_in_view_and_the_others_come_after_it(
    base: Path, status: int, told: str
) -> None:
    with branch(base, "calm:web", "long", "calm:worker") as it:
        assert it.until("all up") == ["web is up", "all up"]
        assert tools.until(lambda: story(base) == ["web started"])

        (base / "enough").write_text(str(status))

        assert it.says().startswith(told)
        assert tools.until(lambda: story(base) == ["web started", "worker started"])
        assert it.ask(signal.SIGTERM) == 0


def test_a_request_to_stop_does_not_wait_for_a_child_in_view(base: Path) -> None:
    with branch(base, "long") as it:
        it.until("all up")

        status = it.ask(signal.SIGINT)

    assert status == 0
    assert tools.left_behind(base.name) == []


@pytest.mark.parametrize("number", ASKING)
def test_children_start_in_order_and_stop_in_reverse(base: Path, number: int) -> None:
    with branch(base, "migrate", "calm:web", "calm:worker") as it:
        assert it.until("all up") == ["migrate is done", "web is up", "worker is up", "all up"]
        assert tools.until(lambda: len(story(base)) == 3)

        status = it.ask(number)

    assert status == 0
    told = story(base)
    assert (told[0], told[3:]) == ("migrate done", ["worker stopped", "web stopped"])
    assert set(told[1:3]) == {"web started", "worker started"}  # each writes when its interpreter is there
    assert tools.left_behind(base.name) == []


def test_commands_go_on_while_one_runs_beside_them_and_the_first_process_waits_for_it(base: Path) -> None:
    with branch(base, "slow", "migrate", "calm:web") as it:
        assert it.until("all up") == ["migrate is done", "slow is done", "web is up", "all up"]
        assert tools.until(lambda: story(base) == ["migrate done", "slow done", "web started"])

        assert it.ask(signal.SIGTERM) == 0


def test_a_second_one_on_the_same_folder_says_so_and_stops(base: Path) -> None:
    with branch(base, "calm") as first:
        first.until("all up")
        with branch(base, "calm:other") as second:
            output, _ = second.process.communicate()

        assert first.process.poll() is None
    assert output == f"Already running on {base} as process {first.process.pid}. Stop that first.\n"
    assert second.process.returncode == 1
    assert not (base / "log" / "other.log").exists()


def test_a_crashed_child_starts_again(base: Path) -> None:
    with branch(base, "calm") as it:
        it.until("all up")
        assert tools.until(lambda: story(base) == ["calm started"])

        it.child("/bin/sh").kill()

        assert it.says() == "calm ended with status -9; starting again in 0.5 s"
        assert it.says() == "calm started again"
        assert tools.until(lambda: story(base) == ["calm started", "calm started"])


def test_what_a_crashed_child_leaves_is_cleared_before_it_starts_again(base: Path) -> None:
    with branch(base, "stubborn") as it:
        it.until("all up")
        before = [it.child(FIRST), it.child(SECOND)]

        it.child('/bin/sh -c trap "" TERM').kill()

        assert it.says().startswith("stubborn ended with status -9")
        assert [processes.alive(each) for each in before] == [False, False]


def test_pauses_between_crashes_grow(base: Path) -> None:
    with branch(base, "clumsy") as it:
        it.until("all up")

        said = [it.says(), it.says()]

    assert said == ["clumsy ended with status 7; starting again in 0.5 s", "clumsy started again"]


def test_a_child_that_cannot_start_is_shown_with_its_log_and_the_rest_stopped(base: Path) -> None:
    with branch(base, "calm:web", "broken", "calm:never") as it:
        output, _ = it.process.communicate()

    assert it.process.returncode == 1
    assert output.splitlines() == [
        "web is up",
        f"broken ended with 3. The end of {base}/log/broken.log:",
        "no such table",
        "stopping",
    ]
    assert not (base / "log" / "never.log").exists()
    assert tools.left_behind(base.name) == []


def test_children_of_children_that_ignore_the_request_are_killed(base: Path) -> None:
    with branch(base, "stubborn") as it:
        it.until("all up")
        assert len(tools.left_behind(base.name)) >= 5

        status = it.ask(signal.SIGTERM)

    assert status == 0
    assert tools.left_behind(base.name) == []


def test_a_second_ctrl_c_does_not_wait(base: Path) -> None:
    with branch(base, "stubborn:patient") as it:
        it.until("all up")
        it.process.send_signal(signal.SIGINT)
        assert it.says() == "stopping"

        it.process.send_signal(signal.SIGINT)

        assert tools.until(lambda: it.process.poll() == 0)
    assert tools.left_behind(base.name) == []


def test_a_killed_supervisor_leaves_no_process(base: Path) -> None:
    with branch(base, "calm", "stubborn") as it:
        it.until("all up")

        it.ask(signal.SIGKILL)

        assert tools.until(lambda: not tools.left_behind(base.name))
    assert "calm stopped" in story(base)


def test_a_killed_supervisor_and_guard_leave_no_willing_child(base: Path) -> None:
    with branch(base, "calm:web", "calm:worker") as it:
        it.until("all up")
        assert tools.until(lambda: len(story(base)) == 2)
        guard = it.child(GUARD)

        guard.kill()
        it.ask(signal.SIGKILL)

        assert tools.until(lambda: not tools.left_behind(base.name))


def test_a_killed_guard_is_replaced(base: Path) -> None:
    with branch(base, "stubborn") as it:
        it.until("all up")
        first = it.child(GUARD)
        first.kill()
        assert tools.until(lambda: any("embedded.guard" in line for line in tools.left_behind(base.name)))

        it.ask(signal.SIGKILL)

        assert tools.until(lambda: not tools.left_behind(base.name))


def test_the_next_one_waits_for_the_remains_of_a_killed_one(base: Path) -> None:
    with branch(base, "stubborn") as first:
        first.until("all up")
        before = [first.child(FIRST), first.child(SECOND)]
        first.ask(signal.SIGKILL)
        with branch(base, "calm") as second:
            assert second.until("all up") == ["calm is up", "all up"]

            assert [processes.alive(each) for each in before] == [False, False]
            with Lock(places(base).pid_file("up")) as lock:
                assert lock.read_pid() == second.process.pid


def test_a_closed_terminal_does_not_stop_the_stopping(base: Path) -> None:
    with branch(base, "calm", "stubborn") as it:
        it.until("all up")
        it.process.stdout.close()  # type: ignore[union-attr]
        it.child('/bin/sh -c trap "echo').kill()
        assert tools.until(lambda: story(base) == ["calm started", "calm started"])

        status = it.ask(signal.SIGHUP)

    assert status == 0
    assert tools.left_behind(base.name) == []
