"""Reports for analysts: how well clients are known, and how a trait is spread over the branches."""

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clients.lake.reading import kept_open
from clients.org.models import Role
from clients.org.requests import UserRequest
from clients.org.standing import Standing, standing_of
from clients.portrait import selectors as portrait
from clients.portrait.traits import overview
from clients.shared import clock
from clients.shared.guards import staff_page
from portal.reports import selectors

READERS = {Role.ANALYST, Role.ADMINISTRATOR}


@require_safe
@staff_page
def traits(request: UserRequest) -> HttpResponse:
    """All traits: of how many clients each is known, and how surely."""
    who, day = _reader(request), _day()
    with kept_open():
        rows = overview.known_traits(day) if day else []
    values = {"staff": who.staff, "day": day, "rows": rows, "failed": portrait.failed_traits(day) if day else {}}
    return render(request, "portal/reports/traits.html", values)


@require_safe
@staff_page
def trait(request: UserRequest, name: str) -> HttpResponse:
    """One trait by branch; without a night of traits there is no such page yet."""
    who, day = _reader(request), _day()
    try:
        found = overview.shown_trait(name)
    except KeyError as unknown:
        raise Http404 from unknown
    if day is None:
        raise Http404
    with kept_open():
        spread = selectors.spread(found, day)
    values = {"staff": who.staff, "day": day, "trait": found, "spread": spread, "least": selectors.LEAST}
    return render(request, "portal/reports/trait.html", values)


def _reader(request: UserRequest) -> Standing:
    """Return who asks. Raises Http404 for everybody else, so that nothing is told."""
    who = standing_of(request.user)
    if who is None or not READERS & who.roles(clock.now()):
        raise Http404
    return who


def _day() -> date | None:
    return portrait.last_trait_day(clock.shanghai_day(clock.now()))
