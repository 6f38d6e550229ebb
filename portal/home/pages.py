"""What all pages of a client share: whose page it is, how it is shown, and what an answer changes in his browser."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from clients.org.requests import UserRequest
from clients.register import selectors as register
from clients.register.models import Client
from clients.shared import clock
from portal.collect import tracking
from portal.home import selectors


def show(request: UserRequest, name: str, client: Client, values: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Show a page with what all pages need: the client, and how many messages wait for him."""
    unread = selectors.unread(request.user, clock.now())
    return render(request, f"portal/home/{name}.html", {"client": client, "unread": unread, **values}, status=status)


def own(request: UserRequest) -> Client:
    """Return the client who asks; raises Http404 for a login without one."""
    client = register.client_of(request.user.pk)
    if client is None:
        raise Http404
    return client


def remember_answer(request: HttpRequest, response: HttpResponse, agreed: bool | None) -> HttpResponse:
    """Let what he said of recording count in this browser at once, and also while nobody is logged in.

    None: he was not asked, and nothing changes.
    """
    if agreed is not None:
        tracking.remember_choice(response, record=agreed, secure=request.is_secure())
    return response
