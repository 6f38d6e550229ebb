"""Real concurrency for tests: threads with connections of their own, and other processes of the house.

For tests that commit (`django_db(transaction=True)`): nobody else sees the rows of an open transaction.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import TypeVar
from urllib.parse import urlsplit

from django.db import connection, connections

T = TypeVar("T")
REPOSITORY = Path(__file__).resolve().parent.parent
SET_UP = "import django; django.setup(); "
STARTED_WITHIN = 30  # seconds


def at_once(*work: Callable[[], T]) -> list[T]:
    """Start each function in a thread of its own at the same moment; their answers in order, or the first fault."""
    start = Barrier(len(work))

    def run(one: Callable[[], T]) -> T:
        try:
            start.wait(STARTED_WITHIN)
            return one()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(work)) as threads:
        return [future.result() for future in [threads.submit(run, one) for one in work]]


def process(code: str, *arguments: str) -> "subprocess.Popen[str]":
    """Start another process of the house on the tests' database; `code` may print, `arguments` are its sys.argv[1:]."""
    return subprocess.Popen(
        [sys.executable, "-c", SET_UP + code, *arguments],
        cwd=REPOSITORY,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )


def environment() -> dict[str, str]:
    """The environment of this process, pointing to the database that the tests made."""
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings", "DATABASE_URL": address.geturl()}


def finish_all(processes: Sequence["subprocess.Popen[str]"]) -> list[str]:
    """Wait for processes and return what each printed; raises when one failed."""
    printed = [one.communicate(timeout=120)[0] for one in processes]
    assert [one.returncode for one in processes] == [0] * len(processes)
    return printed
