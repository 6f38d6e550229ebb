"""A second process that does one thing after the other while this one goes on with its own.

with second_hand(prepared) as hand:
    hand.begin(take_in, files)
    take_in(others)
    hand.wait()
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection

from django.db import connection

from portal.demo.life.beside import Failed
from portal.embedded import linux

Prepared = Callable[[], AbstractContextManager[object]]


class Hand:
    """Does what it is given, in order; this one at once, in this process."""

    def begin(self, do: Callable[..., object], *args: object) -> None:
        """Let `do(*args)` be done: functions of modules only, and arguments that can be pickled."""
        do(*args)

    def wait(self) -> None:
        """Wait until everything begun is done. Raises Failed."""


class _Second(Hand):
    """Does it in the process at the other end of a pipe, which answers each time that it is done."""

    def __init__(self, pipe: "Connection") -> None:
        self._pipe, self._open = pipe, 0

    def begin(self, do: Callable[..., object], *args: object) -> None:
        self._pipe.send((do, args))
        self._open += 1

    def wait(self) -> None:
        try:
            for _answer in range(self._open):
                self._pipe.recv()
        except EOFError as gone:
            raise Failed("The work of the second process was not done; what it said stands above.") from gone
        self._open = 0


@contextmanager
def second_hand(prepared: Prepared) -> Iterator[Hand]:
    """Lend a second process that works inside of `prepared()`, until the block ends; it dies with this process.

    Enter it without threads. Where a process of its own cannot see what this one has done (inside of a transaction),
    or cannot be bound to its life (elsewhere than on Linux), the work is done here.
    """
    if sys.platform != "linux" or connection.in_atomic_block:
        yield Hand()
        return
    mine, its = Pipe()
    child = get_context("fork").Process(target=_serve, args=(its, mine, os.getpid(), prepared))
    child.start()
    its.close()  # only the child has it now, so that its end is seen here
    try:
        yield _Second(mine)
        with suppress(OSError):  # it has ended already, and whoever waited knows
            mine.send(None)
    except BaseException:
        child.kill()
        raise
    finally:
        mine.close()
        child.join()


def _serve(pipe: "Connection", others: "Connection", parent: int, prepared: Prepared) -> None:
    linux.die_with_parent(signal.SIGKILL, parent)
    others.close()
    connection.connection = None  # the parent's; a question asked here opens one of its own
    with prepared(), suppress(EOFError):
        while asked := pipe.recv():
            do, args = asked
            do(*args)
            pipe.send(True)
