"""Who may open a page at all. Which rows it then shows is decided by `clients/org/access.py`."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

View = Callable[..., HttpResponse]


def client_page(view: View) -> View:
    """For clients: a visitor is asked to log in, staff go to their desk."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_login("home:login", request)
        return view(request, *args, **kwargs) if request.user.kind == "client" else redirect("workbench:queue")

    return guarded


def staff_page(view: View) -> View:
    """For staff: a visitor is asked to log in, a client is told that there is no such page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return _to_login("workbench:login", request)
        if request.user.kind != "staff":
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def _to_login(name: str, request: HttpRequest) -> HttpResponse:
    """Send to the login; a fragment asked for by htmx sends the whole page there, or the login would land inside it."""
    here = getattr(request, "htmx", None)
    back = (here.current_url_abs_path if here else None) or request.get_full_path()
    login = f"{reverse(name)}?{urlencode({'next': back})}"
    return HttpResponseClientRedirect(login) if here else redirect(login)
