"""Processes that write a lake and are killed, for the tests; run as `python -m tests.clients.lake.processes VERB …`.

It imports what it needs once and forks for every victim, so that a kill costs milliseconds. It must not open DuckDB
itself: threads do not survive a fork.
"""

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from datetime import date
from itertools import count
from pathlib import Path

from django.conf import settings

from clients.lake.appending import append
from clients.lake.publishing import writing
from clients.lake.reading import open_lake

DAY = date(2026, 11, 20)
TABLE = "numbers"
STEPS = {"open", "os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir", "os.utime", "shutil.rmtree"}
ROUNDS = 15


def rows_of(n: int) -> int:
    """How many rows version `n` has: a reader that sees another number has seen half of something."""
    return 1000 + 100 * (n % 17)


def write(n: int) -> None:
    """Publish version `n`: every row says n, spread over three buckets."""
    with open_lake() as con, writing(TABLE, DAY) as draft:
        for bucket in range(3):
            sql = f"SELECT {bucket} * 100000 + i AS client_id, {n} AS n FROM range({rows_of(n)}) t(i) ORDER BY 1"
            draft.write(con, f"bucket=0{bucket}", sql)


def add(writer: int, n: int) -> None:
    """Append ten rows of a writer, five of which every writer has."""
    with open_lake() as con:
        rows = f"(SELECT 7 AS client_id, 'w{writer}-{n}-' || i AS word FROM range(5) t(i) UNION ALL BY NAME "
        rows += f"SELECT 7 AS client_id, 'all-{n}-' || i AS word FROM range(5) t(i))"
        append("words", DAY, con, rows, key=["word"], order="client_id, word")


def die_at(step: int, folder: Path) -> None:
    """Kill this process when it does its step-th file operation in the folder."""
    done = 0

    def hook(event: str, args: tuple[object, ...]) -> None:
        nonlocal done
        if event in STEPS and any(str(arg).startswith(str(folder)) for arg in args):
            done += 1
            if done == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def forked(work: Callable[[], None]) -> int:
    """Start work in a child process; its process id. A failing child says why and ends there."""
    child = os.fork()
    if not child:
        try:
            work()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    return child


def finished(child: int) -> bool:
    """Wait for a child: True when it came to its end, False when it was killed; a failing one ends this process."""
    _pid, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit("a child failed, see above")
    return os.WIFEXITED(status)


def each_step(base: Path, prepare: Callable[[], None], work: Callable[[], None], every: int = 1) -> None:
    """For each (or every n-th) step k of `work`: in a lake of its own do `prepare`, then kill `work` at step k."""
    for k in count(1, every):
        settings.LAKE_DIR = base / f"{k:04}"
        finished(forked(prepare))
        if finished(forked(lambda k=k: _armed(k, work))):
            return


def _armed(k: int, work: Callable[[], None]) -> None:
    die_at(k, Path(settings.LAKE_DIR))
    work()


def storm(rounds: int, seed: int) -> None:
    """Writers one after another, each killed at a random moment after it has published a version or more."""
    dice = random.Random(seed)
    for n in range(rounds):
        begun, begins = os.pipe()
        child = forked(lambda n=n, begins=begins: _endless(n * 1000, begins))
        for _version in range(dice.randint(2, 4)):
            os.read(begun, 1)
        time.sleep(dice.uniform(0, 0.03))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _endless(start: int, begins: int) -> None:
    for n in count(start):
        os.write(begins, b"!")
        write(n)


def race(writers: int, times: int, work: Callable[[int, int], None]) -> None:
    """Several writers at once, each `times` times; fails when one of them fails."""
    children = [forked(lambda w=w: [work(w, n) for n in range(times)] and None) for w in range(writers)]
    for child in children:
        finished(child)


def main(verb: str, folder: str) -> None:
    """Run one of the stories in a lake at `folder`."""
    settings.LAKE_DIR = Path(folder)
    match verb:
        case "steps":
            each_step(Path(folder), lambda: write(1), lambda: write(2))
        case "append-steps":
            each_step(Path(folder), lambda: add(1, 1), lambda: add(2, 2))
        case "storm":
            storm(rounds=ROUNDS, seed=7)
        case "race":
            race(2, 15, lambda writer, n: write(writer * 1000 + n))
        case "append-race":
            race(2, 10, add)


if __name__ == "__main__":
    main(*sys.argv[1:])
