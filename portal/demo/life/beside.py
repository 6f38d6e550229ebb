"""Work that goes on beside this process, on another core.

with beside(write_files):
    hire_everybody()
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context

from django.db import connection

from portal.embedded import linux


class Failed(Exception):
    """The work beside this process was not done; its own output says why."""


@contextmanager
def beside(do: Callable[[], object]) -> Iterator[None]:
    """Let a child do something while the block runs, and wait for it at the end; it dies with this process.

    Only what it writes to files comes back. Enter it without threads. Raises Failed. Elsewhere than on Linux it is
    done first, here.
    """
    if sys.platform != "linux":
        do()
        yield
        return
    child = get_context("fork").Process(target=_run, args=(do, os.getpid()))
    child.start()
    try:
        yield
    except BaseException:
        child.kill()
        raise
    finally:
        child.join()
    if child.exitcode:
        raise Failed(f"The work beside the demo ended with {child.exitcode}; what it said stands above.")


def _run(do: Callable[[], object], parent: int) -> None:
    linux.die_with_parent(signal.SIGKILL, parent)
    connection.connection = None  # the parent's; a question asked here opens one of its own
    do()
