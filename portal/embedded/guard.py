"""The guard: a tiny process beside a supervisor that clears up after it, even when it was killed.

    python -m portal.embedded.guard MARK PATIENCE

It waits until its standard input ends, which only the supervisor holds open. The supervisor's children have then
got their stop signal from the kernel; after PATIENCE seconds the guard kills every process that still carries
MARK. The supervisor's lock file is open in the guard as well, so no second one starts before that is done.
"""

import signal
import sys
import time

from portal.embedded import processes

GIVE_UP = 30.0  # seconds; a process that the kernel cannot kill (a dead disk) must not hold the guard for ever


def main(argv: list[str]) -> int:
    """Wait for the supervisor's end, then leave no process with its mark."""
    mark, patience = argv[0], float(argv[1])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    sweep(mark, patience)
    return 0


def sweep(mark: str, patience: float) -> None:
    """Wait `patience` seconds for the processes that carry `mark` to end, then kill until none is left."""
    processes.end(processes.marked(mark), (0, patience))
    deadline = time.monotonic() + GIVE_UP
    while (left := processes.marked(mark)) and time.monotonic() < deadline:
        processes.end(left, (signal.SIGKILL, 1))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
