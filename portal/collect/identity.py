"""Who is logged in, as a page or app may prove it to the collector: a signed token that ends with the session.

The token names the client by his surrogate number and a digest of his client number. Whoever holds it can send events
as that client until it ends; a session that is closed earlier takes the cookie away but cannot recall a copy.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

from clients.shared.encrypted import blind_index

COOKIE = "identity"
HEADER = "HTTP_X_WANGTING_IDENTITY"  # for apps, which keep no cookies
SALT = "portal.collect.identity"
LONGEST_NUMBER, LONGEST_TOKEN = 100, 500  # characters; what is longer is neither, and is not remembered
_digest = lru_cache(maxsize=4096)(blind_index)


@dataclass(frozen=True)
class Identity:
    """A client who has logged in: his surrogate number, his login, his number as a digest; ends in epoch seconds."""

    client_id: int
    user_id: int
    digest: str
    ends: int

    @property
    def tag(self) -> str:
        """What pages of this client say to the tracker instead of who he is."""
        return tag_of(self.client_id)

    def is_called(self, client_no: str) -> bool:
        """Whether this is the client's number."""
        return len(client_no) <= LONGEST_NUMBER and _digest(client_no) == self.digest


def token(*, client_id: int, user_id: int, client_no: str, now: datetime) -> str:
    """Return the signed token of a client who logs in now; it is good as long as a session."""
    ends = int(now.timestamp()) + settings.SESSION_COOKIE_AGE
    return signing.dumps([client_id, user_id, blind_index(client_no), ends], salt=SALT)


@lru_cache(maxsize=8192)
def tag_of(client_id: int) -> str:
    """Return an opaque text that is the same on all pages of one client, and another one for everybody else."""
    return salted_hmac(SALT, str(client_id)).hexdigest()[:16]


def proven(text: str, *, now: float) -> Identity | None:
    """Return whom a token proves at `now` (epoch seconds); None when it is forged, broken or has ended."""
    found = _read(text) if 0 < len(text) <= LONGEST_TOKEN else None
    return found if found and found.ends > now else None


@lru_cache(maxsize=8192)
def _read(text: str) -> Identity | None:
    try:
        return Identity(*signing.loads(text, salt=SALT))
    except signing.BadSignature:
        return None
