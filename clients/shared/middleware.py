"""Who did it, for the history tables; no personal page in any cache; no address that no database can hold."""

from collections.abc import Callable

import pghistory
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils.cache import add_never_cache_headers

WRITING = {"POST", "PUT", "PATCH", "DELETE"}


class PlainAddressMiddleware:
    """Refuse an address with a NUL in it: PostgreSQL knows no such text, so whoever asked for it would fail."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest()
        return self.get_response(request)


class AuditContextMiddleware:
    """Write the user and the page beside every history row that a writing request makes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in WRITING:
            return self.get_response(request)
        with pghistory.context(user=request.user.pk, url=request.path):
            return self.get_response(request)


class PrivatePagesMiddleware:
    """Forbid browsers and proxies to keep a page that was made for a logged-in person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            add_never_cache_headers(response)
        return response
