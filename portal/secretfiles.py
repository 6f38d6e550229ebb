"""Secrets of a local installation: made once, kept in files that only the owner reads."""

import os
import secrets
from pathlib import Path


def read_or_make(base: Path, name: str, *, characters: int = 43) -> str:
    """Return the secret `name` under `base`/secrets, made at the first call (URL-safe base64; 43 are 256 bits).

    Two processes may ask at once: the file appears whole by a hard link, and the first one to link wins.
    """
    path = base / "secrets" / name
    if not path.exists():
        _make(path, characters)
    return path.read_text().strip()


def _make(path: Path, characters: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(32)[:characters])
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first: its secret stands
    finally:
        draft.unlink()
