"""Borrow the embedded services for the life of this process.

`with borrowed():` brings up what no address is set for, or joins what is running on the same folder, and gives it
back at the end; the last one to give it back waits until it has stopped. See keeper.py for how that is known.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import environ

from portal.embedded import keeper, processes
from portal.embedded.locks import Lock
from portal.embedded.places import REPOSITORY, Places, Unavailable, broker_url, database_url, places, redis_url

STOP_WITHIN = 90.0  # seconds; a keeper itself waits 70 s for PostgreSQL
# Commands that touch neither database nor broker.
WITHOUT = frozenset(
    [
        "help",
        "check",
        "collectstatic",
        "compilemessages",
        "makemessages",
        "diffsettings",
        "startapp",
        "startproject",
        "-h",
        "--help",
        "--version",
    ]
)


class Borrowed:
    """The embedded services that this process uses."""

    def __init__(self, where: Places, names: Sequence[str], *, throw_away: bool = False) -> None:
        """`names`: of keeper.KINDS. Nothing is started yet."""
        self.places = where
        self.names = tuple(names)
        self._throw_away = throw_away
        self._locks: dict[str, Lock] = {}

    def take(self) -> None:
        """Become a user of each service and bring up those that are down. Raises Unavailable."""
        for name in self.names:
            self._locks[name] = Lock(self.places.users(name))
            self._locks[name].share()
        self._start([name for name in self.names if not self._answers(name)])

    def ensure(self) -> None:
        """Start again a service whose keeper has been killed. Cheap enough for every second. Raises Unavailable."""
        self._start([name for name in self.names if not self._kept(name)])

    def give_back(self) -> None:
        """Stop using the services; stop those that nobody else uses, and wait for their end."""
        for name in reversed(self._locks):
            # Whoever comes now waits for this lock, and then starts the service anew.
            if self._locks[name].try_alone():
                self._end(name)
        while self._locks:
            self._locks.popitem()[1].close()

    def environment(self) -> dict[str, str]:
        """Return the addresses of the borrowed services as environment variables."""
        found = {"DATABASE_URL": database_url(self.places.base)} if "postgres" in self.names else {}
        if "valkey" in self.names:
            found["REDIS_URL"] = redis_url(self.places.base)
            if not os.environ.get("CELERY_BROKER_URL"):
                found["CELERY_BROKER_URL"] = broker_url(self.places.base)
        return found

    def _kept(self, name: str) -> bool:
        with Lock(self.places.pid_file(name)) as lock:
            return not lock.try_share()

    def _answers(self, name: str) -> bool:
        return self._kept(name) and keeper.service(name, self.places.base).ready()

    def _start(self, names: Sequence[str]) -> None:
        """Start the keepers side by side and wait for all of them."""
        starting = [self._keeper(name) for name in names]
        said = [(each.communicate()[1].strip(), each.returncode) for each in starting]
        for text, status in said:
            if status != 0:
                raise Unavailable(text)

    def _keeper(self, name: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "portal.embedded.keeper", name, str(self.places.base)]
        return subprocess.Popen(
            [*command, "--throw-away"] if self._throw_away else command,
            env=processes.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # a Ctrl-C here must not end a server that others may be using
        )

    def _end(self, name: str) -> None:
        with Lock(self.places.pid_file(name)) as lock:
            if not lock.try_alone() and (pid := lock.read_pid()):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)
                lock.alone_within(STOP_WITHIN)


def needed(environment: Mapping[str, str]) -> list[str]:
    """Return the names of the services that `environment` gives no address for."""
    addresses = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}
    return [name for name, variable in addresses.items() if not environment.get(variable)]


@contextmanager
def borrowed(base: Path | str | None = None, *, throw_away: bool = False) -> Iterator[Borrowed]:
    """Lend what this process needs for as long as the block lasts. Raises Unavailable before the block begins."""
    lent = Borrowed(places(base), needed(os.environ), throw_away=throw_away)
    if lent.names and sys.platform != "linux":
        raise Unavailable("The embedded services run on Linux only. Set DATABASE_URL and REDIS_URL.")
    try:
        lent.take()
        yield lent
    finally:
        lent.give_back()


@contextmanager
def thrown_away(prepare: Callable[[Path], object] = lambda base: None) -> Iterator[Borrowed]:
    """Lend services on a new temporary folder that is removed afterwards, also when this process is killed.

    `prepare` may put something into the folder before anything is started.
    """
    base = Path(tempfile.mkdtemp(prefix="wangting-"))
    base.chmod(0o711)  # the database may have to run as `nobody`; what lies inside is private
    try:
        prepare(base)
        with borrowed(base, throw_away=True) as lent:
            yield lent
    finally:
        shutil.rmtree(base, ignore_errors=True)


@contextmanager
def borrowed_for(argv: Sequence[str]) -> Iterator[None]:
    """Lend what the command line `argv` of manage.py needs; exit with a plain message when it cannot be had.

    `.env` beside manage.py is read first, as the settings do: it may hold the addresses.
    """
    environ.Env.read_env(REPOSITORY / ".env")
    with ExitStack() as stack:
        if len(argv) > 1 and argv[1] not in WITHOUT:
            try:
                stack.enter_context(borrowed())
            except Unavailable as why:
                sys.exit(str(why))
        yield
