"""The address of whoever asks, so that limits count persons and not the server that stands in front of the house.

Each trusted proxy appends to `X-Forwarded-For` the address that it was asked from, so with `settings.TRUSTED_PROXIES`
of them the client stands that many places from the end. What comes before was typed by the client and is never read:
a library that parses the whole header can be led astray by it (an opening quotation mark hides all that follows).
"""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import HttpRequest


def of(request: HttpRequest) -> str | None:
    """Return the address that a request comes from; None when the server names none, as on a unix socket."""
    return of_environ(request.META)


def of_environ(environ: Mapping[str, Any]) -> str | None:
    """Return the same from what a WSGI server passes on.

    A header that is shorter than the proxies make it, or has no address in that place, did not come through them: then
    the socket's address counts.
    """
    socket, proxies = environ.get("REMOTE_ADDR") or None, settings.TRUSTED_PROXIES
    chain = environ.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", proxies)[-proxies:] if proxies else []
    if not proxies or len(chain) < proxies:
        return socket
    try:
        return str(ip_address(chain[0].strip()))
    except ValueError:
        return socket
