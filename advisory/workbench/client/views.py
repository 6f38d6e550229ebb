"""The page of one client. Every opening is written down, with what allowed it, before anything is shown."""

from dataclasses import replace

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from advisory.workbench.client.forms import BEGINNING, TimelineForm
from advisory.workbench.client.selectors import assets, knowledge, person, timeline
from advisory.workbench.client.selectors import moves as moving
from advisory.workbench.client.selectors.person import PERSONAL, Particular
from advisory.workbench.client.selectors.timeline import Chosen
from clients.lake.reading import kept_open
from clients.org import services as org
from clients.org.requests import UserRequest
from clients.org.standing import Standing, standing_of
from clients.register import revealing
from clients.register.models import Client
from clients.shared import addresses, clock
from clients.shared.guards import staff_page

ACTION, MOVES = "client", "client_moves"


@never_cache
@require_safe
@staff_page
def show(request: UserRequest, pk: int) -> HttpResponse:
    """One client on one page; `?kind=`, `first` and `until` choose a part of the timeline."""
    form = TimelineForm(request.GET)
    _chosen(form)  # what cannot be read is no page, and no opening either
    return _opened(request, _client(request, pk), form)


def _opened(request: UserRequest, found: Client, form: TimelineForm, told: Particular | None = None) -> HttpResponse:
    """Write down the opening, then show the page."""
    now, who = clock.now(), standing_of(request.user)
    if who is None:
        raise Http404
    allowed = person.allowed_by(who, found, now)
    org.log_access(
        staff=who.staff, client_id=found.pk, action=ACTION, reason=allowed, now=now, ip=addresses.of(request)
    )
    return _page(request, who, found, form, allowed, told)


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


@never_cache
@require_POST
@staff_page
def reveal(request: UserRequest, pk: int, field: str) -> HttpResponse:
    """Show one hidden particular in full, for this once; without htmx on the whole page."""
    found = _client(request, pk)
    before = person.particular(request.user, found, field, clock.now()) if field in PERSONAL else None
    if before is None:
        raise Http404
    told = _revealed(request, found, before)
    if request.htmx:
        values = {"one": told, "client": found, "reasons": revealing.Reason.choices}
        answer = render(request, "advisory/workbench/client/_particular.html", values)
    else:
        answer = _opened(request, found, TimelineForm(QueryDict()), told)
    answer.status_code = 422 if told.refused else 200
    return answer


def _revealed(request: UserRequest, client: Client, before: Particular) -> Particular:
    now, reason = clock.now(), request.POST.get("reason", "")
    try:
        full = revealing.reveal(
            client=client, field=before.field, reason=reason, by=request.user, now=now, ip=addresses.of(request)
        )
    except revealing.RevealRefused as refused:
        return replace(before, refused=str(refused))
    return replace(before, shown=full, hidden=False, revealed=True)


def _page(
    request: UserRequest, who: Standing, client: Client, form: TimelineForm, allowed: str, told: Particular | None
) -> HttpResponse:
    """Put the parts together; the lake is opened once for all of them. `told` stands in the place of its particular."""
    now, user = clock.now(), request.user
    chosen = _chosen(form)
    about = person.identity(user, client, now)
    if told:
        rows = [told if one.field == told.field else one for one in about.particulars]
        about = replace(about, particulars=rows)
    with kept_open():
        known = knowledge.knowledge(user, client, about, now)
        screen = knowledge.days_on_screen(client.pk, known, chosen.last, clock.shanghai_day(now))
        values = {
            "staff": who.staff,
            "client": client,
            "now": now,
            "allowed": allowed,
            "about": about,
            "reasons": revealing.Reason.choices,
            "going_on": person.now_of(user, client, now),
            "assets": assets.assets(user, client, now),
            "known": known,
            "timeline": timeline.timeline(user, client, chosen, now, screen),
            "form": form,
            "looked": _address(form),
        }
    return render(request, "advisory/workbench/client/client.html", values)


def _client(request: UserRequest, pk: int) -> Client:
    try:
        return person.client_for(request.user, pk, clock.now())
    except Client.DoesNotExist as missing:
        raise Http404 from missing


def _chosen(form: TimelineForm) -> Chosen:
    """What of the timeline is asked for; up to today, and of everything, where the form says nothing or is wrong."""
    today = clock.shanghai_day(clock.now())
    if not form.is_valid():
        if set(form.errors) - {"first"}:
            raise Http404
        return Chosen(today)
    said = form.cleaned_data
    return Chosen(min(max(said["until"] or today, BEGINNING), today), said["first"], said["kind"])


def _address(form: TimelineForm) -> str:
    """What was chosen besides the last day, for the addresses of other pages."""
    asked = QueryDict(mutable=True)
    if form.is_valid() and form.cleaned_data["kind"]:
        asked.setlist("kind", form.cleaned_data["kind"])
    if form.is_valid() and form.cleaned_data["first"]:
        asked["first"] = form.cleaned_data["first"].isoformat()
    return asked.urlencode()
