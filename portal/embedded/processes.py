"""Start, stop and find processes."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

from portal.embedded import linux
from portal.embedded.places import REPOSITORY, Unavailable

MARK = "WANGTING_RUN"  # the variable by which a supervisor knows its children and their children
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
LARGEST_LOG = 10_000_000  # bytes; a larger log is set aside when its process starts again


class DidNotStart(Unavailable):
    """A service ended or hung before it was ready."""


def spawn(
    argv: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    become: Callable[[], None] | None = None,
    orphaned: int = signal.SIGTERM,
    stdin: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start `argv` in a session of its own, writing to `log`; return without waiting for it.

    `become` runs in the child and may change who it is. `orphaned` is the signal that the child gets when this
    process dies: one that it understands as "end, and take your own children with you". Call it from the main
    thread of a process that has no other threads.
    """
    parent = os.getpid()

    def in_child() -> None:
        if become:
            become()
        if orphaned != signal.SIGKILL:
            # A handler inherited from this process would swallow the signal until the new program runs.
            signal.signal(orphaned, signal.SIG_DFL)
        linux.die_with_parent(orphaned, parent)

    with log_file(log).open("ab") as out:
        return subprocess.Popen(
            [str(part) for part in argv],
            stdin=stdin,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=env,
            preexec_fn=in_child,
            start_new_session=True,  # a Ctrl-C of the terminal goes to the parent, which ends its children in order
        )


def run(
    argv: Sequence[str | Path], *, log: Path, env: Mapping[str, str], become: Callable[[], None], text: str = ""
) -> int:
    """Run `argv` to its end with `text` as its input; return its exit status."""
    with spawn(argv, log=log, env=env, become=become, orphaned=signal.SIGKILL, stdin=subprocess.PIPE) as process:
        process.communicate(text.encode())
    return process.returncode


def await_ready(process: subprocess.Popen[bytes], ready: Callable[[], bool], *, log: Path, within: float) -> None:
    """Return when `ready` says so. Raises DidNotStart, with the end of the log, when the process ends before.

    After `within` seconds the process is killed and DidNotStart raised.
    """
    deadline = time.monotonic() + within
    while not ready():
        if process.poll() is not None:
            raise DidNotStart(f"{log.stem} did not start. The end of {log}:\n{tail(log)}")
        if time.monotonic() > deadline:
            stop(process)
            raise DidNotStart(f"{log.stem} took more than {within:.0f} s to start; see {log}")
        time.sleep(0.01)


def stop(process: subprocess.Popen[bytes], *steps: tuple[int, float]) -> int:
    """Send each signal and wait its seconds, then kill; return the exit status."""
    for number, patience in steps:
        if process.poll() is None:
            process.send_signal(number)
        try:
            return process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
    process.kill()
    return process.wait()


def log_file(path: Path) -> Path:
    """Return `path` ready to be appended to: its folder made, a large file set aside as `.1`.

    What a log says is for nobody else on the machine: the folder, which holds logs alone, and the file are made
    private, also when an earlier start left them open.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(PRIVATE_FOLDER)
    path.touch(PRIVATE_FILE)
    path.chmod(PRIVATE_FILE)
    if path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_name(path.name + ".1"))
        path.touch(PRIVATE_FILE)
    return path


def tail(path: Path, lines: int = 8) -> str:
    """Return the last lines of a log, empty when there is none."""
    if not path.exists():
        return ""
    with path.open("rb") as log:
        log.seek(max(0, path.stat().st_size - 8192))
        return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])


def working_in(folder: Path) -> list[psutil.Process]:
    """Return the processes whose working directory is `folder`, as that of a database server is its data."""
    wanted = str(folder.resolve())
    return [each for each in psutil.process_iter(["cwd"]) if each.info["cwd"] == wanted]


def marked(mark: str) -> list[psutil.Process]:
    """Return the living processes that carry the mark `mark` or `mark:…` in their environment.

    Children of children inherit it, whatever session or parent they have taken since.
    """
    found = []
    for each in psutil.process_iter(["environ", "status"]):
        value = (each.info["environ"] or {}).get(MARK, "")
        if f"{value}:".startswith(f"{mark}:") and each.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(each)
    return found


def alive(process: psutil.Process | int | None) -> bool:
    """Whether a process lives. A dead one that nobody waits for does not, though it keeps its number.

    In a container without an init such processes stay for ever; psutil itself would wait for them.
    """
    try:
        each = psutil.Process(process) if isinstance(process, int) else process
        return each is not None and each.is_running() and each.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def environment() -> dict[str, str]:
    """Return the environment for helpers of our own: this package is found from any folder, no mark is inherited."""
    path = os.pathsep.join(filter(None, [str(REPOSITORY), os.environ.get("PYTHONPATH")]))
    return {name: value for name, value in os.environ.items() if name != MARK} | {"PYTHONPATH": path}


def end(processes: Sequence[psutil.Process], *steps: tuple[int, float]) -> list[psutil.Process]:
    """Send each signal and wait up to its seconds; signal 0 only waits. Return those that are still alive."""
    left = list(processes)
    for number, patience in steps:
        for each in left:
            _send(each, number)
        deadline = time.monotonic() + patience
        while (left := [each for each in left if alive(each)]) and time.monotonic() < deadline:
            time.sleep(0.01)
    return left


def _send(process: psutil.Process, number: int) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return
