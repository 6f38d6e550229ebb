"""A migrated database, made once for each state of the migrations and copied by every test run after that.

Making a cluster and running all migrations takes longer than most tests. The copy lies in a folder of this user's own
under the temporary directory; whoever finds it missing, in other hands or of another state makes a new one.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from portal.embedded import processes, services
from portal.embedded.places import DATABASE, REPOSITORY, Unavailable, places

FLOORS = ("clients", "kpm", "advisory", "portal")
PARTS = ("migrations", "seeds")
KEPT = 3  # states that stay: of a branch or two


def seeded(base: Path) -> str:
    """Put a migrated cluster into `base` before its server starts; the database to copy, "" when there is none."""
    with suppress(Unavailable, OSError, subprocess.SubprocessError):
        state = _folder() / _state()
        if not state.exists():
            _make(state)
        os.utime(state)
        shutil.copytree(places(state).postgres, places(base).postgres, symlinks=True)
        return DATABASE
    shutil.rmtree(places(base).postgres, ignore_errors=True)
    return ""


def _folder() -> Path:
    """This user's folder; OSError when somebody else made it, who could have put anything into it."""
    folder = Path(tempfile.gettempdir()) / f"wangting-tests-{os.getuid()}"
    folder.mkdir(mode=0o711, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid() or folder.stat().st_mode & 0o022:
        raise PermissionError(f"{folder} belongs to somebody else, or others may write to it")
    return folder


def _state() -> str:
    """Sixteen digits that change with every migration, what they are made with, every seed and every pin."""
    digest = hashlib.sha256(sys.version.encode())
    for file in sorted(_sources()):
        digest.update(str(file.relative_to(REPOSITORY)).encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _sources() -> Iterator[Path]:
    yield REPOSITORY / "requirements.txt"
    yield REPOSITORY / "clients/shared/migrating.py"
    for floor in FLOORS:
        for part in PARTS:
            yield from (
                file for file in (REPOSITORY / floor).rglob(f"{part}/*") if file.suffix != ".pyc" and file.is_file()
            )


def _make(state: Path) -> None:
    """Migrate beside and rename when whole: two test runs may do it at once, and either may be killed."""
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=state.parent))
    draft.chmod(0o711)
    try:
        with services.borrowed(draft) as lent:
            given = {**processes.environment(), **lent.environment(), "WANGTING_VAR": str(draft)}
            command = [sys.executable, "manage.py", "migrate", "--verbosity=0", "--skip-checks"]
            subprocess.run(command, cwd=REPOSITORY, env=given, check=True, capture_output=True)
        with suppress(OSError):  # somebody else was quicker
            draft.rename(state)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    _forget_old(state.parent)


def _forget_old(folder: Path) -> None:
    states = sorted(folder.glob("[0-9a-f]" * 16), key=lambda state: state.stat().st_mtime, reverse=True)
    for old in states[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
