"""The client's own pages: login, home, holdings, messages, news, what can be done here, and his own choices."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages as toasts
from django.contrib.auth import logout
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from advisory.dispatch import evidence
from advisory.inbox import selectors as inbox
from advisory.inbox import services as inbox_services
from advisory.inbox.models import Message
from clients.org import logins
from clients.org import selectors as org
from clients.org.forms import LoginForm
from clients.org.requests import UserRequest
from clients.register import selectors as register
from clients.register import services as register_services
from clients.register.models import Consent
from clients.shared import clock
from clients.shared.display import face_of
from clients.shared.guards import client_page
from portal.home import door, feed, selectors, visitors
from portal.home.forms import TEXT_VERSION, TEXTS, ConsentForm
from portal.home.pages import own, remember_answer, show
from portal.home.switches import TEXTS as SWITCHES

MATTERS, SHOWN, SHOWN_LARGE, PAGE = 3, 5, 3, 20


@ensure_csrf_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Let a client in by client number, fund account or mobile; who is in already goes on."""
    if request.user.is_authenticated:
        return redirect("home:home")
    labels = {
        "name_label": _("Client number, fund account or mobile number"),
        "name_help": _("If your mobile number does not work here, use your client number or account number."),
    }
    form = LoginForm(request.POST or None, **labels)
    if request.method == "POST" and form.is_valid():
        user = door.let_in(request, **form.cleaned_data)
        if user:
            response = logins.welcome(request, user, otherwise="home:home")
            door.remember_device(request, response)
            return response
        form.add_error(None, _("This name and password do not go together. Check both and try again."))
    return render(request, "portal/home/login.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("home:login")


def home(request: HttpRequest) -> HttpResponse:
    """The front of the house: a client's own home, and for a visitor what is here."""
    return own_home(request) if request.user.is_authenticated else visitors.front(request)


@require_safe
@client_page
def own_home(request: UserRequest) -> HttpResponse:
    """What I have, what matters today, what is done for me, who looks after me."""
    now, client = clock.now(), own(request)
    matters = inbox.messages_of(request.user, now).filter(read_at__isnull=True)[:MATTERS]
    found = selectors.overview(client)
    shown = SHOWN_LARGE if face_of(request).is_elder else SHOWN
    values = {
        "found": found,
        "holdings": found.holdings[:shown],
        "more": len(found.holdings) - shown,
        "matters": list(matters),
        "today": selectors.today(client, request.user, now),
        "licence": org.licence_number(client.manager, clock.shanghai_day(now)),
    }
    return show(request, "home", client, values)


@require_safe
@client_page
def holdings(request: UserRequest) -> HttpResponse:
    """Everything I hold, and what the total is made of."""
    client = own(request)
    found = selectors.overview(client)
    values = {"found": found, "holdings": found.holdings, "parts": selectors.parts(found, _("Cash"))}
    return show(request, "holdings", client, values)


@require_safe
@client_page
def messages(request: UserRequest) -> HttpResponse:
    """All messages to me, newest first."""
    rows = inbox.messages_of(request.user, clock.now())
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return show(request, "messages", own(request), {"page": page})


@require_safe
@client_page
def message(request: UserRequest, uid: UUID) -> HttpResponse:
    """One message with the reason I see it; opening it marks it read."""
    now = clock.now()
    found = _message(request, uid, now)
    inbox_services.mark_read(message=found, now=now)
    values = {"message": found, "evidence": evidence.lines(found.evidence)}
    return show(request, "message", own(request), values)


@require_safe
@client_page
def news(request: UserRequest) -> HttpResponse:
    """Messages about news, and articles that name what I hold, newest first."""
    now, client = clock.now(), own(request)
    names = feed.held(client)
    page = Paginator(feed.keys(request.user, names, now), PAGE).get_page(request.GET.get("page"))
    items = feed.items(request.user, names, list(page.object_list), now)
    return show(request, "news", client, {"page": page, "items": items, "names": names})


@require_safe
@client_page
def services(request: UserRequest) -> HttpResponse:
    """What can be done here, and who helps with everything else."""
    client = own(request)
    licence = org.licence_number(client.manager, clock.shanghai_day(clock.now()))
    return show(request, "services", client, {"licence": licence})


@require_http_methods(["GET", "HEAD", "POST"])
@client_page
def consents(request: UserRequest) -> HttpResponse:
    """What I agreed to and since when; my answers can be changed here at any time."""
    now, client = clock.now(), own(request)
    said = register.consents_now(client.pk)
    form = ConsentForm(request.POST if request.method == "POST" else None, said=said)
    if request.method == "POST" and form.is_valid():
        register_services.choose_consents(
            client=client, choices=form.choices(), version=TEXT_VERSION, channel="web", now=now
        )
        toasts.success(request, _("Saved."))
        return remember_answer(request, redirect("home:consents"), form.choices().get(Consent.Purpose.BEHAVIOUR))
    elsewhere = [row for purpose, row in said.items() if purpose not in {*TEXTS, *SWITCHES}]
    values = {"form": form, "said": list(said.values()), "elsewhere": elsewhere}
    return show(request, "consents", client, values, status=422 if form.errors else 200)


@require_safe
@client_page
def me(request: UserRequest) -> HttpResponse:
    """My data in short, my manager, and how pages look."""
    client = own(request)
    licence = org.licence_number(client.manager, clock.shanghai_day(clock.now()))
    return show(request, "me", client, {"licence": licence})


def _message(request: UserRequest, uid: UUID, now: datetime) -> Any:
    try:
        return inbox.message_for(request.user, uid, now)
    except Message.DoesNotExist as missing:
        raise Http404 from missing
