"""What is concluded about a client, for himself: he reads it, corrects it, objects to it, and switches it off."""

from typing import Any

from django.contrib import messages as toasts
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clients.org.requests import UserRequest
from clients.portrait import services as portrait_services
from clients.portrait.services import CannotDeclare
from clients.register.models import Client
from clients.shared import clock
from clients.shared.guards import client_page
from portal.home import portrait, switches
from portal.home.pages import own, remember_answer, show

CORRECT, OBJECT, TAKE_BACK = "correct", "object", "take_back"


@require_safe
@client_page
def show_portrait(request: UserRequest) -> HttpResponse:
    """What you know about me: all of it."""
    client = own(request)
    return show(request, "portrait", client, _values(client))


@require_POST
@client_page
def say(request: UserRequest, trait: str) -> HttpResponse:
    """Keep what the client says of one trait, and answer with the trait as it stands then."""
    client = own(request)
    try:
        done = _keep(request, client, _line(client, trait))
    except CannotDeclare as refused:
        return _answer(request, client, trait, error=str(refused))
    if request.htmx:
        return _answer(request, client, trait, done=done)
    toasts.success(request, done)
    return redirect(f"{reverse('home:portrait')}#trait-{trait}")


@require_POST
@client_page
def turn(request: UserRequest, purpose: str) -> HttpResponse:
    """Switch personalisation, or the analysis of what I do on screen, on or off."""
    client, answer = own(request), request.POST.get("answer")
    if answer not in ("on", "off"):
        raise Http404
    try:
        agreed = switches.turn(client=client, purpose=purpose, on=answer == "on", now=clock.now())
    except switches.NoSuchSwitch as unknown:
        raise Http404 from unknown
    toasts.success(request, _("Switched on.") if answer == "on" else _("Switched off."))
    return remember_answer(request, redirect(f"{reverse('home:portrait')}#switches"), agreed)


def _values(client: Client) -> dict[str, Any]:
    return {"picture": portrait.picture(client, clock.now()), "switches": switches.switches(client)}


def _line(client: Client, name: str) -> portrait.Line:
    try:
        return portrait.one(client, name, clock.now())
    except LookupError as unknown:
        raise Http404 from unknown


def _keep(request: UserRequest, client: Client, line: portrait.Line) -> str:
    """Keep what was said of the trait; the sentence that confirms it. Raises CannotDeclare."""
    known: dict[str, Any] = {"client": client, "trait": line.trait.name, "by": request.user, "now": clock.now()}
    said = request.POST.get("say")
    if said == CORRECT:
        portrait_services.declare(**known, value=_chosen(request, line))
        return _("Kept: your own word counts from the next night on.")
    if said == OBJECT:
        portrait_services.object_to(**known)
        return _("Kept: from the next night on this is not concluded any more.")
    if said == TAKE_BACK:
        portrait_services.take_back(**known)
        return _("Kept: from the next night on we conclude this by ourselves again.")
    raise CannotDeclare(_("Choose what to do: correct it, object to it, or take back what you said."))


def _chosen(request: UserRequest, line: portrait.Line) -> str:
    value = request.POST.get("value", "")
    if value not in dict(line.choices):
        raise CannotDeclare(_("Choose one of the answers in the list."))
    return value


def _answer(request: UserRequest, client: Client, trait: str, *, done: str = "", error: str = "") -> HttpResponse:
    """The trait alone for htmx, else the whole page with the trait open."""
    status = 422 if error else 200
    if request.htmx:
        night = portrait.next_night(clock.now())
        values = {"line": _line(client, trait), "night": night, "done": done, "error": error, "opened": True}
        return render(request, "portal/home/_trait.html", values, status=status)
    values = {**_values(client), "wrong": trait, "error": error}
    return show(request, "portrait", client, values, status=status)
