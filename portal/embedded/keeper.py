"""The keeper: a small process that holds one service up for as long as somebody uses it.

Every process that uses a service holds the service's `users` file locked, shared with the others. The keeper tries
to lock that file alone: it succeeds when the last user has given its lock back or has died, however it died. So
nobody counts, nobody loses the server while working with it, and a SIGKILL of a user leaves nothing behind. Should
the keeper itself be killed, the kernel sends the server its orphan's signal.

    python -m portal.embedded.keeper postgres|valkey BASE [--throw-away]

returns when the service answers (status 0) or cannot be had (status 1, the reason on stderr).
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from portal.embedded import places, processes
from portal.embedded.locks import Lock
from portal.embedded.postgres import Postgres
from portal.embedded.signals import Signals
from portal.embedded.valkey import Valkey

Service = Postgres | Valkey
KINDS: dict[str, type[Service]] = {"postgres": Postgres, "valkey": Valkey}
TURN_WITHIN = 120.0  # seconds to wait for another keeper that starts or ends
LOOK_EVERY = 0.2  # seconds between two looks at the users
LONGEST_PAUSE = 30.0  # seconds between two attempts to restart a service that keeps crashing


def service(name: str, base: Path, *, throw_away: bool = False) -> Service:
    """Return the service `name` of the folder `base`."""
    return KINDS[name](places.places(base), throw_away)


def main(argv: list[str] | None = None) -> int:
    """Become the keeper in the background unless there is one already; return when the service answers."""
    parser = argparse.ArgumentParser()
    parser.add_argument("service", choices=KINDS)
    parser.add_argument("base", type=Path)
    parser.add_argument("--throw-away", action="store_true")
    args = parser.parse_args(argv)
    try:
        return _keep(service(args.service, args.base, throw_away=args.throw_away))
    except (places.Unavailable, OSError) as why:
        print(why, file=sys.stderr)
        return 1


def _keep(kept: Service) -> int:
    lock = _turn(kept)
    if lock is None:
        return 0
    answer, question = os.pipe()
    if os.fork() == 0:
        os.close(answer)
        _in_background(kept, lock, question)
    os.close(question)
    with os.fdopen(answer) as reader:
        said = reader.read()
    if said == "ready":
        return 0
    raise places.Unavailable(said or f"The keeper of {kept.name} ended; see {kept.log}")


def _turn(kept: Service) -> Lock | None:
    """Return the keeper's lock, or None when another keeper has brought the service up."""
    lock = Lock(kept.places.pid_file(kept.name))
    deadline = time.monotonic() + TURN_WITHIN
    while not lock.try_alone():
        if kept.ready():
            return None
        if time.monotonic() > deadline:
            raise places.Unavailable(f"Another start of {kept.name} has not ended; see {kept.log}")
        time.sleep(0.02)
    return lock


def _in_background(kept: Service, lock: Lock, question: int) -> NoReturn:
    """Live on without the one who asked: own session, no terminal, no pipe held open."""
    os.setsid()
    os.chdir("/")
    with open(os.devnull, "rb") as nothing, processes.log_file(kept.log).open("ab") as log:
        for source, target in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(source.fileno(), target)
    with Signals(signal.SIGTERM, signal.SIGINT, signal.SIGHUP) as signals:
        lock.write_pid()
        try:
            _hold(kept, signals, question)
        except (places.Unavailable, OSError) as why:
            _say(question, str(why))
    os._exit(0)


def _hold(kept: Service, signals: Signals, question: int) -> None:
    users = Lock(kept.places.users(kept.name))
    process = kept.start()
    _say(question, "ready")
    os.close(question)
    while not signals.asked and not users.try_alone():
        signals.wait(LOOK_EVERY)
        if process.poll() is not None:
            process = _restart(kept, signals, users, process)
    kept.stop(process)
    if kept.throw_away:
        _discard(kept)


def _restart(kept: Service, signals: Signals, users: Lock, process: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
    """Start the crashed service again, pausing longer after each failure, until it works or nobody waits for it."""
    print(f"keeper: {kept.name} ended with status {process.returncode}; starting it again", flush=True)
    pause = LOOK_EVERY
    while not signals.asked and not users.try_alone():
        signals.wait(pause)
        try:
            return kept.start()
        except (places.Unavailable, OSError) as why:
            print(f"keeper: {why}", flush=True)
        pause = min(2 * pause, LONGEST_PAUSE)
    return process


def _say(question: int, text: str) -> None:
    """Answer the one who asked; it may have been killed meanwhile, and others may wait for the service."""
    with suppress(BrokenPipeError):
        os.write(question, text.encode())


def _discard(kept: Service) -> None:
    """Remove the folders of a throw-away service, and the base folder after the last service in it."""
    for folder in kept.folders:
        shutil.rmtree(folder, ignore_errors=True)
    if not any((kept.places.base / name).exists() for name in KINDS):
        shutil.rmtree(kept.places.base, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
