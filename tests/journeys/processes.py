"""Real processes for journeys: workers and beat on the test database, ended whatever happens."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

PATIENCE = 60.0


def environment(**more: str) -> dict[str, str]:
    """The environment of a child that works on the test database, the test broker and the test lake."""
    base, _, rest = os.environ["DATABASE_URL"].partition("?")
    url = f"{base.rpartition('/')[0]}/{connection.settings_dict['NAME']}" + (f"?{rest}" if rest else "")
    return os.environ | {"DATABASE_URL": url, "LAKE_DIR": str(settings.LAKE_DIR), "C_FORCE_ROOT": "1"} | more


@contextmanager
def running(log: Path, *argv: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Python module as a process until the block ends."""
    with log.open("ab") as out:
        process = subprocess.Popen([sys.executable, "-m", *argv], env=environment(), stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def until(what: Callable[[], Any], log: Path, within: float = PATIENCE) -> Any:
    """Wait until `what()` is true and return it; fails with the end of the log."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {within:g} s:\n{log.read_text(errors='replace')[-3000:]}")
