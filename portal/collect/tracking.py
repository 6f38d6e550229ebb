"""What the web tracker may tell: nothing of staff, of a client only with his consent, of a visitor until he says no."""

import logging
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from redis.exceptions import RedisError

from clients.org.models import User
from clients.register import selectors as register
from clients.register.models import Client
from portal.collect import identity, services
from portal.collect.reading import SILENT

log = logging.getLogger(__name__)
LASTS = 365 * 24 * 3600  # seconds
KEY = "collect:web-key"
# Pages that the tracking plan has a name for; the others go by the name of their address.
NAMES = {"home:holdings": "holdings_viewed"}


def web_key() -> str:
    """Return the public key of our own pages; a revoked one is replaced within the life of the cache."""
    try:
        return str(cache.get_or_set(KEY, services.own_web_key, settings.COLLECT_PAGE_KEY_SECONDS))
    except RedisError:  # pages go on without the cache
        log.exception("The cache does not answer; the write key is read from the database")
        return services.own_web_key()


def page_of(request: HttpRequest) -> str:
    """Return the page's name for the tracker: `home:news` is home_news."""
    match = request.resolver_match
    name = match.view_name if match else ""
    return NAMES.get(name, name.replace(":", "_").replace("-", "_"))


def tag_of(client: Client | None) -> str:
    """Return what the page says instead of whose it is; "" for a visitor's."""
    return identity.tag_of(client.pk) if client else ""


def client_of(request: HttpRequest, shown: Client | None) -> Client | None:
    """Return whose page it is: the client whom the view has read, else the one who is logged in."""
    if shown is not None or not request.user.is_authenticated:
        return shown
    return register.client_of(request.user.pk)


def is_staff(user: Any) -> bool:
    """Whether somebody of the house is logged in."""
    return bool(user.is_authenticated and user.kind == User.Kind.STAFF)


def may_record(request: HttpRequest, client: Client | None) -> bool:
    """Whether what is done here may be told.

    Of a client only when he has agreed to the analysis of his behaviour: `client` is then his row as
    `register.selectors.client_of` gives it. Of a visitor unless he, or his browser for all sites (Sec-GPC: the Global
    Privacy Control of W3C), has said no.
    """
    if request.user.is_authenticated:
        return bool(getattr(client, "behaviour_agreed", False))
    return not is_silent(request) and request.headers.get("Sec-GPC") != "1"


def is_silent(request: HttpRequest) -> bool:
    """Whether this browser has said that its visits may not be recorded."""
    return request.COOKIES.get(SILENT) == "1"


def remember_choice(response: HttpResponse, *, record: bool, secure: bool) -> None:
    """Keep the choice in this browser, for the time when nobody is logged in."""
    if record:
        response.delete_cookie(SILENT, samesite="Lax")
    else:
        response.set_cookie(SILENT, "1", max_age=LASTS, samesite="Lax", secure=secure, httponly=True)
