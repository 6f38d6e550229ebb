"""Signals as a person at a terminal has them, however the tests were started.

Under `nohup`, or in the background of a script, a process inherits "ignore" for the hang-up and for Ctrl-C, and hands
it on to every process that the tests start: those that prove how a process ends on them would wait for ever.
"""

import signal


def pytest_configure() -> None:
    """Take back what was inherited; runs in every worker of a parallel run."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
