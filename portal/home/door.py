"""The client's door: who comes in, and who is shut out after wrong passwords, is written down with it.

    let_in(request, username=…, password=…) -> the login, or None whatever the reason
    remember_device(request, response)      -> the number by which this browser is known again

The facts take the names that the tracking plan gives to the same things on other platforms.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from clients.behaviour import selectors as behaviour
from clients.behaviour import services as behaviour_services
from clients.org import logins
from clients.org.models import User
from clients.register import selectors as register
from clients.register.backends import ClientBackend
from clients.shared import clock

SIGNED_IN, LOCKED = "signed_in", "sign_in_locked"
DEVICE = "device"
DEVICE_LASTS = 2 * 365 * 24 * 3600  # seconds
LONGEST_AGENT = 300


def let_in(request: HttpRequest, *, username: str, password: str) -> User | None:
    """This will open the session of a client and write down that he signed in, or that he is locked out now."""
    _device(request)
    with transaction.atomic():
        user = logins.log_in(request, kind=User.Kind.CLIENT, username=username, password=password)
        if user is not None:
            _note(request, SIGNED_IN, user, once=request.session.session_key or secrets.token_hex())
    if user is None and getattr(request, "axes_locked_out", False):
        _note_lock(request, username)
    return user


def remember_device(request: HttpRequest, response: HttpResponse) -> None:
    """Give the browser the number by which a later sign-in knows it again."""
    response.set_cookie(
        DEVICE, _device(request), max_age=DEVICE_LASTS, samesite="Lax", secure=request.is_secure(), httponly=True
    )


def _note_lock(request: HttpRequest, username: str) -> None:
    """Write a lock down once, however often he tries while it lasts."""
    user = ClientBackend().find(username.strip())
    client = register.client_of(user.pk) if user else None
    if user is None or client is None:
        return
    since = clock.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    if not behaviour.happened_since(client.pk, LOCKED, since):
        _note(request, LOCKED, user, once=secrets.token_hex())


def _note(request: HttpRequest, kind: str, user: User, *, once: str) -> None:
    client = register.client_of(user.pk)
    if client is None:
        return
    mark = hashlib.sha256(once.encode()).hexdigest()[:32]  # a session's key opens it: only a digest is kept
    behaviour_services.record(
        kind=kind, idem_key=f"{kind}:{mark}", at=clock.now(), client_id=client.pk, properties=_place(request)
    )


def _place(request: HttpRequest) -> dict[str, Any]:
    """Where he stood, in the shape of an event's context."""
    agent = request.headers.get("User-Agent", "")[:LONGEST_AGENT]
    return {"channel": "web", "device": {"id": _device(request)}, "userAgent": agent}


def _device(request: HttpRequest) -> str:
    """Return the browser's number; a new one for a browser that shows none of ours."""
    known = request.COOKIES.get(DEVICE, "")
    if not (len(known) == 32 and known.isalnum()):
        known = request.COOKIES[DEVICE] = secrets.token_hex(16)
    return known
