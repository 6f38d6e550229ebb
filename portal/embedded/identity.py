"""As whom the database server runs.

PostgreSQL refuses to run as root, and its initdb refuses a user id without a name. An ordinary user starts it
plainly. Root, and a user without a name, start it in a user namespace, where their files seem to belong to an
ordinary user and stay private. Where the system refuses namespaces, root starts it as the user `nobody` on a folder
that `nobody` owns. Where that fails too, there is no server.
"""

import os
import pwd
import stat
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from portal.embedded import linux
from portal.embedded.places import Unavailable

OVERFLOW = 65534  # what the kernel shows for an id that has no place in a namespace
FORCE = "WANGTING_POSTGRES_AS"  # names the way to take, instead of the first that works


class Refused(Unavailable):
    """There is no way to run PostgreSQL as this user on this folder."""


class Way(StrEnum):
    """The ways of running PostgreSQL."""

    USER = "user"
    NAMESPACE = "namespace"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Identity:
    """One way of running PostgreSQL, and the user its files belong to as seen from outside."""

    way: Way
    uid: int
    gid: int

    def assume(self) -> None:
        """Become it. Call in a child process only; there is no way back."""
        if self.way is Way.NAMESPACE:
            linux.enter_user_namespace(_any_named())
        elif self.way is Way.NOBODY:
            os.setgroups([])
            os.setgid(self.gid)
            os.setuid(self.uid)

    def make_private(self, folder: Path) -> None:
        """Make `folder` (or take it over) so that only this identity may enter it. Raises Refused.

        A folder in a shared temporary directory may have been put there by somebody else: it is not used then.
        """
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = folder.lstat()
        if found.st_uid != os.geteuid() and (found.st_uid != self.uid or stat.S_ISLNK(found.st_mode)):
            raise Refused(f"{folder} belongs to another user. Remove it, or set WANGTING_VAR to another folder.")
        folder.chmod(0o700)
        if self.uid != os.geteuid():
            os.chown(folder, self.uid, self.gid)

    def works(self, program: Path, folder: Path) -> bool:
        """Try it: may this identity enter `folder` and run `program`?"""
        command = [str(program), "--version"]
        try:
            subprocess.run(command, check=True, capture_output=True, preexec_fn=self._entering(folder))
        except (OSError, subprocess.SubprocessError):
            return False
        return True

    def _entering(self, folder: Path) -> Callable[[], None]:
        def enter() -> None:
            self.assume()
            os.chdir(folder)

        return enter


def choose(data: Path, program: Path) -> Identity:
    """Return the first way that can run `program` on the data folder `data`, which may not exist yet.

    The owner of existing data decides: a server must own its files. WANGTING_POSTGRES_AS forces a way.
    Raises Refused with what to do.
    """
    for identity in _candidates(data):
        if identity.works(program, data.parent):
            return identity
    raise Refused(_refusal(data, program))


def _candidates(data: Path) -> list[Identity]:
    ways = _ways_of_root() if os.geteuid() == 0 else _ways_of_users()
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() == 0 and owner:
        ways = [Identity(Way.NOBODY, owner, data.stat().st_gid)]
    forced = os.environ.get(FORCE)
    return [each for each in ways if owner in (None, each.uid) and forced in (None, "", each.way)]


def ordinary() -> Identity:
    """Return the way of an ordinary user: as who this process is."""
    return Identity(Way.USER, os.geteuid(), os.getegid())


def _ways_of_users() -> list[Identity]:
    named = os.geteuid() in _named()
    return [ordinary()] if named else [Identity(Way.NAMESPACE, os.geteuid(), os.getegid())]


def _ways_of_root() -> list[Identity]:
    nobody = [Identity(Way.NOBODY, each.pw_uid, each.pw_gid) for each in pwd.getpwall() if each.pw_name == "nobody"]
    return [Identity(Way.NAMESPACE, 0, 0), *nobody]


def _named() -> list[int]:
    return [each.pw_uid for each in pwd.getpwall()]


def _any_named() -> int:
    """Choose the id that PostgreSQL sees in the namespace: not root's, and one that has a name."""
    return next((uid for uid in _named() if uid not in (0, OVERFLOW)), OVERFLOW)


def _refusal(data: Path, program: Path) -> str:
    if data.exists() and os.geteuid() not in (0, data.stat().st_uid):
        return f"{data} belongs to another user. Start as that user, or set DATABASE_URL to another server."
    if os.geteuid() != 0:
        return (
            f"PostgreSQL cannot run as user {os.geteuid()} in {data.parent}: without a name in /etc/passwd it needs "
            "user namespaces, which this system refuses. Start as a user with a name, or set DATABASE_URL."
        )
    return (
        "PostgreSQL does not run as root, this system refuses user namespaces, and the user nobody may not use "
        f"{data.parent} or {program}. Start as an ordinary user, move the project to a folder that every user "
        "may enter, or set DATABASE_URL to a server you already have."
    )
