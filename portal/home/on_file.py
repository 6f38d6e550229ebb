"""What is on file about a client, for himself: facts, a copy of everything, and who of our staff looked."""

from typing import cast
from uuid import UUID

from django.contrib import messages as toasts
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clients.org import selectors as org
from clients.org.requests import UserRequest
from clients.register import selectors as register
from clients.shared import addresses, clock
from clients.shared.guards import client_page
from portal.home import facts, selectors, services
from portal.home.looked import opening
from portal.home.pages import own, show

PAGE = 30


@require_safe
@client_page
def data(request: UserRequest) -> HttpResponse:
    """What is on file, my accounts and consents; htmx asks for the copies alone while one is being made."""
    client, now = own(request), clock.now()
    copies = {"copies": selectors.copies_of(request.user, client, now), "now": now}
    if request.htmx:
        return render(request, "portal/home/_copy.html", copies)
    values = {
        "facts": facts.facts(client, request.user, now),
        "preferences": list(register.preferences_of(client.pk)),
        "accounts": list(register.accounts_of(client.pk)),
        "consents": list(register.consents_of(client.pk)),
    }
    return show(request, "data", client, values | copies)


@require_POST
@client_page
def ask(request: UserRequest) -> HttpResponse:
    """Have a copy of everything made."""
    try:
        services.ask_for_copy(client=own(request), ip=addresses.of(request), now=clock.now())
    except services.TooMany:
        toasts.error(request, _("You have asked for several copies within a day. Fetch one of them, or ask tomorrow."))
    else:
        toasts.success(request, _("The copy is being made. A message tells you when it is ready."))
    return redirect(f"{reverse('home:data')}#copy")


@require_safe
@client_page
def fetch(request: UserRequest, uid: UUID) -> HttpResponse:
    """Give out the file of my copy; one whose time is over says so."""
    now = clock.now()
    try:
        copy = selectors.copy_for(request.user, uid, now)
    except selectors.NoCopy as unknown:
        raise Http404 from unknown
    try:
        file = services.fetch_copy(copy=copy, now=now)
    except selectors.NoCopy:
        toasts.error(request, _("This copy cannot be fetched: it is not ready, or its time is over. Ask for another."))
        return redirect(f"{reverse('home:data')}#copy")
    name = f"wangting-{clock.shanghai_day(copy.asked_at)}.zip"
    answer = FileResponse(file.open("rb"), as_attachment=True, filename=name, content_type="application/zip")
    return cast(HttpResponse, answer)  # to the guards an answer is an answer


@require_safe
@client_page
def looked(request: UserRequest) -> HttpResponse:
    """Who of our staff opened my data, newest first."""
    client = own(request)
    page = Paginator(org.openings_of(client.pk), PAGE).get_page(request.GET.get("page"))
    return show(request, "looked", client, {"page": page, "openings": [opening(row) for row in page]})
