"""The embedded PostgreSQL: made, started, asked and stopped. Only its keeper (keeper.py) calls this."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from portal.embedded import binaries, identity, processes
from portal.embedded.places import DATABASE, PORT, USER, Places, Unavailable

START_WITHIN = 300.0  # seconds; recovery after a crash reads up to max_wal_size of log
ENDING_WITHIN = 60.0  # seconds that a predecessor, cut off from its keeper, may take to end by itself
DRAFT = "postgres.draft-"  # begins the name of a data folder that is still being made
# One small machine shared with workers and a web server. Personal data stays out of the log: no statements, no
# details such as "Key (mobile)=(…) already exists".
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
# Tests throw the cluster away: nothing needs to survive a crash.
THROW_AWAY = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}


class Failed(Unavailable):
    """The data folder could not be made, or is in use by somebody else."""


@dataclass(frozen=True)
class Postgres:
    """The database server of one base folder; `throw_away` trades safety for speed."""

    places: Places
    throw_away: bool = False
    name = "postgres"

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.places.postgres

    @property
    def log(self) -> Path:
        """What the server and its maker write."""
        return self.places.log(self.name)

    @property
    def folders(self) -> list[Path]:
        """All folders of its own."""
        return [self.data, *self._drafts(), self.places.postgres_sockets]

    def start(self) -> subprocess.Popen[bytes]:
        """Make the data folder if there is none, start the server and wait until it answers. Raises Unavailable."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        programs = binaries.postgres(self._major())
        who = identity.choose(self.data, programs.postgres)
        self.clear_remains()
        if not self.data.exists():
            self.initialise(programs, who)
        who.make_private(self.places.postgres_sockets)
        process = processes.spawn(
            self._command(programs),
            log=self.log,
            env=_environment(),
            become=who.assume,
            # Both end the server's own processes too; SIGTERM would wait for every client to leave.
            orphaned=signal.SIGQUIT if self.throw_away else signal.SIGINT,
        )
        processes.await_ready(process, self.ready, log=self.log, within=START_WITHIN)
        return process

    def initialise(self, programs: binaries.PostgresPrograms, who: identity.Identity) -> None:
        """Make the data folder with role and database inside. Raises Failed.

        It is made beside and renamed when whole, so that a folder under its right name is never half made. Each
        attempt has a name of its own: an initdb whose parent was killed may still be writing, or clearing up.
        """
        for torn in self._drafts():
            processes.end(processes.working_in(torn), (signal.SIGKILL, 5))
            shutil.rmtree(torn, ignore_errors=True)
        draft = Path(tempfile.mkdtemp(prefix=DRAFT, dir=self.data.parent))
        who.make_private(draft)
        self._run(self._initdb(programs, draft), who)
        self._run(self._single(programs, draft), who, f"CREATE DATABASE {DATABASE};")
        draft.rename(self.data)
        _make_durable(self.data.parent)  # a new name lost in a power cut would look like a torn attempt

    def ready(self) -> bool:
        """Whether the server takes connections: its pid file says so (as pg_ctl reads it) and its socket answers."""
        lines = self._pid_lines()
        return len(lines) > 7 and lines[7].strip() == "ready" and _answers(self.places.postgres_socket)

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        """Stop the server: clients are cut off, what they committed is on disk."""
        if self.throw_away:
            processes.stop(process, (signal.SIGQUIT, 10))
        else:
            processes.stop(process, (signal.SIGINT, 60), (signal.SIGQUIT, 10))

    def clear_remains(self) -> None:
        """Make way for a start after a crash. Raises Failed when somebody else's server runs on the data.

        PostgreSQL takes any living process with the number in its pid file for its predecessor and refuses to
        start; after a restart of a container that number is soon used again. Removing the file is safe only when
        no process of a former server is left, since a busy backend goes on writing after its postmaster was killed.
        """
        lines = self._pid_lines()
        postmaster = int(lines[0]) if lines else None
        left = processes.working_in(self.data)
        if postmaster in [each.pid for each in left]:
            left = processes.end(left, (0, ENDING_WITHIN))
        if postmaster in [each.pid for each in left]:
            raise Failed(f"Another PostgreSQL (process {postmaster}) runs on {self.data}. Stop it, then start again.")
        processes.end(left, (0, 1), (signal.SIGQUIT, 5), (signal.SIGKILL, 5))
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        self.places.postgres_socket.unlink(missing_ok=True)
        self.places.postgres_socket.with_name(f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)

    def _major(self) -> int | None:
        version = self.data / "PG_VERSION"
        return int(version.read_text()) if version.exists() else None

    def _pid_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _command(self, programs: binaries.PostgresPrograms) -> list[str | Path]:
        settings = SETTINGS | THROW_AWAY if self.throw_away else SETTINGS
        given = [f"--{name}={value}" for name, value in settings.items()]
        return [programs.postgres, "-D", self.data, "-k", self.places.postgres_sockets, "-p", str(PORT), *given]

    def _drafts(self) -> list[Path]:
        return list(self.data.parent.glob(f"{DRAFT}*"))

    def _initdb(self, programs: binaries.PostgresPrograms, draft: Path) -> list[str | Path]:
        """Sort by code point, which no system update can change, and know Chinese letters as letters.

        The types of characters come from the system's C.UTF-8 also with the builtin provider: with plain C,
        pg_trgm finds no trigram in a Chinese word.
        """
        command: list[str | Path] = [programs.initdb, "-D", draft, "-U", USER, "--auth=trust"]
        command += ["--no-instructions", "--encoding=UTF8", "--locale=C", "--lc-ctype=C.UTF-8"]
        if programs.major >= 17:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--no-sync", "--wal-segsize=4"] if self.throw_away else []
        return command

    def _single(self, programs: binaries.PostgresPrograms, draft: Path) -> list[str | Path]:
        unsafe = ["-F"] if self.throw_away else []
        return [programs.postgres, "--single", "-D", draft, "-j", *unsafe, "postgres"]

    def _run(self, argv: list[str | Path], who: identity.Identity, text: str = "") -> None:
        result = processes.run(argv, log=self.log, env=_environment(), become=who.assume, text=text)
        if result != 0:
            raise Failed(f"Making the database failed ({argv[0]}):\n{processes.tail(self.log)}")


def _answers(path: Path) -> bool:
    with closing(socket.socket(socket.AF_UNIX)) as client:
        return client.connect_ex(str(path)) == 0


def _make_durable(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _environment() -> dict[str, str]:
    """Leave out what would change the server: PGPORT, PGDATA, the locale of the shell."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
