"""The supervisor's first page."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from advisory.workbench.selectors import staff_of
from advisory.workbench.supervisor import selectors
from clients.org.models import Role
from clients.org.requests import UserRequest
from clients.org.standing import holds
from clients.shared import clock
from clients.shared.guards import staff_page

ROWS = 50


@require_safe
@staff_page
def overview(request: UserRequest) -> HttpResponse:
    """How much of the commission of his branches comes from clients who are served, and whom nobody serves."""
    now, staff = clock.now(), staff_of(request.user)
    if staff is None or not holds(request.user, Role.SUPERVISOR, now):
        raise Http404
    when = selectors.times(now)
    page = Paginator(selectors.unserved(request.user, staff, when, now), ROWS).get_page(request.GET.get("page"))
    values = {
        "staff": staff,
        "when": when,
        "share": selectors.served_share(request.user, staff, when, now),
        "page": page,
        "rows": selectors.shown(request.user, list(page.object_list), when, now),
        "served_within": selectors.SERVED_WITHIN,
        "paid_within": selectors.PAID_WITHIN,
    }
    return render(request, "advisory/workbench/super.html", values)
