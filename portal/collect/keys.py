"""The write keys as the collector knows them: read in one go now and then, kept when the database is away."""

import logging
import threading
from base64 import b64decode
from binascii import Error
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db import DatabaseError, InterfaceError, close_old_connections

from portal.collect import selectors
from portal.collect.models import WriteKey
from portal.collect.services import digest_of

log = logging.getLogger(__name__)
LONGEST = 100  # characters; a longer text is no key, and is not remembered
_digest = lru_cache(maxsize=1024)(digest_of)


@dataclass(frozen=True)
class Key:
    """What matters of a write key for one event: its number, its platform, and whether it may name clients."""

    pk: int
    platform: str
    names_clients: bool


class KnownKeys:
    """The keys in force, as of the last time the database answered."""

    def __init__(self, load: Callable[[], Iterable[WriteKey]]) -> None:
        self._load, self._loading = load, threading.Lock()
        self._keys: dict[str, Key] | None = None

    @property
    def ready(self) -> bool:
        """Whether the keys were ever read: before that nobody can be told that his key is wrong."""
        return self._keys is not None

    def refresh(self) -> None:
        """Read the keys again; when the database does not answer, those of the last time stay."""
        with self._loading:
            try:
                self._keys = {row.digest: _key(row) for row in self._load()}
            except (DatabaseError, InterfaceError):
                log.exception("The write keys could not be read; those known stay")

    def find(self, text: str) -> Key | None:
        """Return the key in force that reads `text`; None when there is none."""
        return (self._keys or {}).get(_digest(text)) if 0 < len(text) <= LONGEST else None


def from_the_record() -> list[WriteKey]:
    """Return the keys in force, on a connection that is given back as Django does around a request."""
    close_old_connections()
    try:
        return selectors.keys_in_force()
    finally:
        close_old_connections()


def _key(row: WriteKey) -> Key:
    return Key(row.pk, row.platform, row.kind == WriteKey.Kind.SERVER)


@lru_cache(maxsize=1024)
def of_header(header: str) -> str:
    """Return the user name of an Authorization header of the kind Basic, which is where SDKs put the key; or ""."""
    scheme, _, coded = header.partition(" ")
    try:
        return b64decode(coded, validate=True).decode().partition(":")[0] if scheme.lower() == "basic" else ""
    except (Error, ValueError):
        return ""
