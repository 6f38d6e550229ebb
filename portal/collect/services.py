"""Making and revoking write keys."""

import hashlib
import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _t

from clients.org.models import User
from clients.shared import clock
from portal.collect import selectors
from portal.collect.models import WriteKey

WEB = "web branch"  # the key of our own pages
PUBLIC = WriteKey.Kind.PUBLIC


class NameTaken(Exception):
    """A key in force has this name already."""


class AlreadyRevoked(Exception):
    """The key was revoked before."""


def digest_of(key: str) -> str:
    """Return what is kept of a key: SHA-256, 64 hex digits. Keys are random, so no salt is needed."""
    return hashlib.sha256(key.encode()).hexdigest()


def make_key(*, name: str, platform: str, kind: str, by: User | None, now: datetime) -> tuple[WriteKey, str]:
    """This will make a key and return it with its text, which nobody can read again when it is a server key.

    Raises NameTaken.
    """
    text = secrets.token_urlsafe(32)
    row = WriteKey(name=name, platform=platform, kind=kind, digest=digest_of(text), created_by=by, created_at=now)
    row.value = text if kind == PUBLIC else ""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise NameTaken(_t("A key named %(name)s is in force already.") % {"name": name}) from error
    return row, text


@transaction.atomic
def revoke(*, key: WriteKey, by: User, now: datetime) -> None:
    """This will end a key: events that come with it are refused as soon as every server has read the keys again.

    Raises AlreadyRevoked.
    """
    if not WriteKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_by=by, revoked_at=now):
        raise AlreadyRevoked(_t("This key was revoked before."))
    key.refresh_from_db()


def own_web_key() -> str:
    """This will return the public key of the branch's own pages, made when there is none in force."""
    row = selectors.public_key_by_name(WEB)
    if row is not None:
        return row.value
    try:
        return make_key(name=WEB, platform=WriteKey.Platform.WEB, kind=PUBLIC, by=None, now=clock.now())[1]
    except NameTaken:  # another process was first
        return own_web_key()
