"""Gives a client who is logged in the token that proves to the collector who he is, and takes it away at logout."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from clients.register.selectors import client_of
from clients.shared import clock
from portal.collect import identity


class IdentityMiddleware:
    """Keep the cookie in step with the session: made by the answer to a login, gone when nobody is logged in.

    Pages in between ask nothing: only a login changes the session of a client.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        held, user_id = request.COOKIES.get(identity.COOKIE, ""), _client_login(request)
        if user_id is None:
            if held:
                response.delete_cookie(identity.COOKIE, samesite="Lax")
        elif (held or request.session.modified) and not _is_his(held, user_id):
            _give(user_id, response)
        return response


def _client_login(request: HttpRequest) -> int | None:
    return request.user.pk if request.user.is_authenticated and request.user.kind == "client" else None


def _is_his(held: str, user_id: int) -> bool:
    found = identity.proven(held, now=clock.now().timestamp())
    return found is not None and found.user_id == user_id


def _give(user_id: int, response: HttpResponse) -> None:
    client = client_of(user_id)
    if client is not None:
        text = identity.token(client_id=client.pk, user_id=user_id, client_no=client.client_no, now=clock.now())
        response.set_cookie(
            identity.COOKIE, text, max_age=settings.SESSION_COOKIE_AGE, httponly=True, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
