"""Where the embedded services keep their things under one base folder, and the addresses that follow from it.

Everything here is computed from the base folder alone, so every process that is started on the same folder
finds the same server without asking anybody. Nothing here needs Django or its settings.
"""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

REPOSITORY = Path(__file__).resolve().parents[2]
USER = DATABASE = "wangting"
PORT = 5432  # names the socket file; nothing listens on a network port
# The kernel takes 107 bytes for the path of a unix socket and PostgreSQL refuses more.
LONGEST_SOCKET = 100


class Unavailable(RuntimeError):
    """A service cannot be had here. The message tells a person what is wrong and what would be right."""


@dataclass(frozen=True)
class Places:
    """The folders and files of one base folder."""

    base: Path

    @property
    def postgres(self) -> Path:
        """The data folder of PostgreSQL."""
        return self.base / "postgres"

    @property
    def valkey(self) -> Path:
        """The data folder of Valkey."""
        return self.base / "valkey"

    @property
    def postgres_sockets(self) -> Path:
        """The folder that PostgreSQL puts its socket into."""
        return self._socket_folder(self.postgres, f".s.PGSQL.{PORT}")

    @property
    def postgres_socket(self) -> Path:
        """The socket that PostgreSQL listens on."""
        return self.postgres_sockets / f".s.PGSQL.{PORT}"

    @property
    def valkey_socket(self) -> Path:
        """The socket that Valkey listens on."""
        return self._socket_folder(self.valkey, "valkey.sock") / "valkey.sock"

    def log(self, name: str) -> Path:
        """The log file of the process `name`."""
        return self.base / "log" / f"{name}.log"

    def pid_file(self, name: str) -> Path:
        """The file that the process `name` holds locked while it lives, with its process id inside."""
        return self.base / "run" / f"{name}.pid"

    def users(self, service: str) -> Path:
        """The file that every process using `service` holds locked, shared with the other users."""
        return self.base / "run" / f"{service}.users"

    def _socket_folder(self, wanted: Path, socket: str) -> Path:
        """Return the data folder, else a short one: a comma would read as a list of hosts to libpq."""
        if len(os.fsencode(wanted / socket)) <= LONGEST_SOCKET and "," not in str(wanted):
            return wanted
        digest = hashlib.sha256(os.fsencode(wanted)).hexdigest()[:16]
        return _temporary() / f"wangting-{digest}"


def _temporary() -> Path:
    """Prefer /tmp: TMPDIR may differ between two shells that must find the same server."""
    return Path("/tmp") if os.access("/tmp", os.W_OK | os.X_OK) else Path(tempfile.gettempdir())  # noqa: S108


def places(base: Path | str | None = None) -> Places:
    """Return the places under `base` (default: the folder named by WANGTING_VAR, else `var/`)."""
    return Places(Path(base or os.environ.get("WANGTING_VAR") or REPOSITORY / "var").resolve())


def database_url(base: Path | str | None = None) -> str:
    """Return the address of the embedded database.

    The socket folder stands in the query: libpq takes it there or percent-encoded as host, but django-environ
    0.14 does not decode a host. The port is named because libpq would else take one from PGPORT.
    """
    folder = quote(str(places(base).postgres_sockets))
    return f"postgres://{USER}@:{PORT}/{DATABASE}?host={folder}"


def redis_url(base: Path | str | None = None) -> str:
    """Return the address of the embedded Valkey as redis-py reads it."""
    return f"unix://{quote(str(places(base).valkey_socket))}?db=0"


def broker_url(base: Path | str | None = None, redis_url: str | None = None) -> str:
    """Return the address of the broker as Celery reads it: that of `redis_url`, else of the embedded Valkey."""
    if not redis_url:
        return f"redis+socket://{quote(str(places(base).valkey_socket))}?virtual_host=0"
    if not redis_url.startswith("unix:"):
        return redis_url
    parts = urlsplit(redis_url)
    return f"redis+socket://{parts.path}?virtual_host={parts.query.removeprefix('db=') or 0}"
