"""The board of strategies, and the page of one of them; for whom strategies are there to read."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from clients.org.requests import UserRequest
from clients.shared import clock
from clients.shared.guards import staff_page
from kpm.outcomes.boards.selectors import pages
from kpm.outcomes.figures import figures
from kpm.strategies.models import Strategy
from kpm.strategies.studio.looking import looker

TEMPLATES = "kpm/board"
PAGE = 50


@require_safe
@staff_page
def overview(request: UserRequest) -> HttpResponse:
    """Every strategy that runs: its state, its effect, how often it is right, its load and its trend."""
    now = clock.now()
    who = looker(request.user, now)
    page = Paginator(pages.running(), PAGE).get_page(request.GET.get("page"))
    values = {"staff": who.staff, "page": page, "lines": pages.lines(page, now), "days": figures().board_days}
    return render(request, f"{TEMPLATES}/list.html", values)


@require_safe
@staff_page
def strategy(request: UserRequest, code: str) -> HttpResponse:
    """One strategy: its effects, the way of its responses, how often it is right by distance, its cost and history."""
    now = clock.now()
    who = looker(request.user, now)
    rows = Strategy.objects.select_related("live_version__strategy", "pilot_version__strategy")
    found = get_object_or_404(rows, code=code)
    return render(request, f"{TEMPLATES}/one.html", {"staff": who.staff, "strategy": found, **pages.one(found, now)})
