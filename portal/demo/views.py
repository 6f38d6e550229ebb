"""The demo's own pages: go in as somebody, see how far the branch is, follow one fact. Only where it is a demo."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from clients.org import logins
from portal.demo import selectors, services

View = Callable[[HttpRequest], HttpResponse]
HOME = {
    **dict.fromkeys(("administrator", "business", "compliance", "operator"), "admin:index"),
    "author": "studio:overview",
    "supervisor": "workbench:super",
}


def demo_page(view: View) -> View:
    """In a house that is no demo there is no such page."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request)

    return guarded


@demo_page
@ensure_csrf_cookie
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The doors, how far the branch is, and the way to one fact."""
    page = "_progress.html" if request.htmx else "index.html"  # type: ignore[attr-defined]
    return render(request, f"portal/demo/{page}", selectors.branch())


@demo_page
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Go in as the person whom a button names, to the page that it names."""
    who = request.POST.get("who", "")
    try:
        user = services.enter(request=request, who=who)
    except services.NobodyThere as nobody:
        raise Http404 from nobody
    other = "home:home" if user.kind == "client" else "workbench:queue"
    return logins.welcome(request, user, otherwise=HOME.get(who, other))


@demo_page
@ensure_csrf_cookie
@require_safe
def fact(request: HttpRequest) -> HttpResponse:
    """One real hit from the facts that made it to what came of it."""
    return render(request, "portal/demo/fact.html", {"tale": selectors.tale()})
