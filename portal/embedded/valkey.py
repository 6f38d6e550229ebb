"""The embedded Valkey (or Redis): started, asked and stopped. Only its keeper (keeper.py) calls this."""

import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from portal.embedded import binaries, identity, processes
from portal.embedded.places import Places

START_WITHIN = 120.0  # seconds; it reads its append-only file first


@dataclass(frozen=True)
class Valkey:
    """The broker and cache of one base folder; `throw_away` keeps nothing on disk."""

    places: Places
    throw_away: bool = False
    name = "valkey"

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.places.valkey

    @property
    def log(self) -> Path:
        """What the server writes."""
        return self.places.log(self.name)

    @property
    def folders(self) -> list[Path]:
        """All folders of its own."""
        return [self.data, self.places.valkey_socket.parent]

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server and wait until it answers. Raises Unavailable."""
        program = binaries.valkey()
        for folder in self.folders:
            identity.ordinary().make_private(folder)
        self.clear_remains()
        process = processes.spawn(self._command(program), log=self.log, orphaned=signal.SIGTERM)
        processes.await_ready(process, self.ready, log=self.log, within=START_WITHIN)
        return process

    def ready(self) -> bool:
        """Whether the server answers and has finished loading what it had on disk."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(2)
            try:
                client.connect(str(self.places.valkey_socket))
                client.sendall(b"PING\r\n")
                return client.recv(64).startswith(b"+PONG")
            except OSError:
                return False

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        """Stop the server; it writes out its append-only file first."""
        processes.stop(process, (signal.SIGTERM, 30))

    def clear_remains(self) -> None:
        """Wait for a predecessor that is still ending: two servers must never write the same append-only file."""
        left = processes.working_in(self.data)
        processes.end(left, (0, 10), (signal.SIGTERM, 10), (signal.SIGKILL, 5))
        self.places.valkey_socket.unlink(missing_ok=True)

    def _command(self, program: Path) -> list[str]:
        sockets = ["--port", "0", "--unixsocket", str(self.places.valkey_socket), "--unixsocketperm", "700"]
        kept = ["--appendonly", "no" if self.throw_away else "yes", "--save", ""]
        return [str(program), *sockets, "--dir", str(self.data), *kept, "--daemonize", "no"]
