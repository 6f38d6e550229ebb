"""Wait for a moment, or until a signal arrives."""

import select
import signal
import socket
from collections.abc import Iterable
from types import FrameType
from typing import Any, Self


class Signals:
    """Counts the signals that ask to stop, and wakes up at once when one of them or a child's end arrives.

    A plain `sleep` would go on sleeping after the handler has run. Only the main thread may use it.
    """

    def __init__(self, *asking: int) -> None:
        """`asking`: the signals that ask to stop."""
        self.asked = 0
        self._asking = asking
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._wakeup = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._install(self._asking, self._ask)
        self._install([signal.SIGCHLD], self._ignore)
        return self

    def __exit__(self, *exception: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup)
        self._reader.close()
        self._writer.close()

    def wait(self, seconds: float) -> None:
        """Return after `seconds`, or earlier at a signal."""
        if select.select([self._reader], [], [], seconds)[0]:
            self._reader.recv(4096)

    def _install(self, numbers: Iterable[int], handler: Any) -> None:
        for number in numbers:
            # `nohup` ignores the hang-up for its command: leave it so.
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, handler)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked += 1

    def _ignore(self, number: int, frame: FrameType | None) -> None:
        pass
