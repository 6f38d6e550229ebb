"""The page of one client. Every opening is written down, with what allowed it, before anything is shown."""

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from advisory.workbench.client.selectors import assets, knowledge, person, timeline
from advisory.workbench.client.selectors import moves as moving
from clients.lake.reading import kept_open
from clients.org import services as org
from clients.org.requests import UserRequest
from clients.org.standing import Standing, standing_of
from clients.register.models import Client
from clients.shared import addresses, clock
from clients.shared.guards import staff_page

ACTION, MOVES = "client", "client_moves"
BEGINNING = date(1990, 1, 1)  # before the first exchange opened nothing can have happened


@never_cache
@require_safe
@staff_page
def show(request: UserRequest, pk: int) -> HttpResponse:
    """One client on one page; `?until=` looks at the timeline from that day back."""
    now, who = clock.now(), standing_of(request.user)
    if who is None:
        raise Http404
    found, last = _client(request, pk), _last_day(request)
    allowed = person.allowed_by(who, found, now)
    org.log_access(
        staff=who.staff, client_id=found.pk, action=ACTION, reason=allowed, now=now, ip=addresses.of(request)
    )
    return _page(request, who, found, last, allowed)


@never_cache
@require_safe
@staff_page
def moves(request: UserRequest, pk: int) -> HttpResponse:
    """The part of the page that tells whether he arrives or leaves; opening it is written down like the page."""
    now, who = clock.now(), standing_of(request.user)
    if who is None:
        raise Http404
    found = _client(request, pk)
    org.log_access(
        staff=who.staff, client_id=found.pk, action=MOVES, reason=person.allowed_by(who, found, now), now=now,
        ip=addresses.of(request),
    )  # fmt: skip
    with kept_open():
        told = moving.moves(request.user, found, now)
    return render(request, "advisory/workbench/client/_moves.html", {"moves": told})


def _page(request: UserRequest, who: Standing, client: Client, last: date, allowed: str) -> HttpResponse:
    """Put the parts together; the lake is opened once for all of them."""
    now, user = clock.now(), request.user
    about = person.identity(user, client, now)
    with kept_open():
        known = knowledge.knowledge(user, client, about, now)
        screen = knowledge.days_on_screen(client.pk, known, last, clock.shanghai_day(now))
        values = {
            "staff": who.staff,
            "client": client,
            "now": now,
            "allowed": allowed,
            "about": about,
            "going_on": person.now_of(user, client, now),
            "assets": assets.assets(user, client, now),
            "known": known,
            "timeline": timeline.timeline(user, client, last, now, screen),
        }
    return render(request, "advisory/workbench/client/client.html", values)


def _client(request: UserRequest, pk: int) -> Client:
    try:
        return person.client_for(request.user, pk, clock.now())
    except Client.DoesNotExist as missing:
        raise Http404 from missing


def _last_day(request: UserRequest) -> date:
    """The day from which the timeline looks back; today unless another one is asked for."""
    asked = request.GET.get("until")
    if not asked:
        return clock.shanghai_day(clock.now())
    try:
        return max(date.fromisoformat(asked), BEGINNING)
    except ValueError as unreadable:
        raise Http404 from unreadable
