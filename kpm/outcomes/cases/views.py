"""The pages of success cases: all of them, one being written, one with what was found in it and what became of it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients.org.models import Staff, User
from clients.org.requests import UserRequest
from clients.org.standing import standing_of
from clients.shared import clock
from clients.shared.guards import staff_page
from kpm.outcomes.cases.forms import CaseForm, DraftForm
from kpm.outcomes.cases.selectors import pages
from kpm.outcomes.cases.services.drafting import CannotDraft, draft_of_case, may_draft
from kpm.outcomes.cases.services.searching import CannotSearch, ask_search
from kpm.outcomes.cases.services.writing import WRITERS, BadCase, Story, write_case
from kpm.outcomes.cases.settings import figures
from kpm.outcomes.models import SuccessCase
from kpm.strategies.models import Strategy
from kpm.strategies.studio.selectors import sample_of

TEMPLATES = "kpm/cases"
PAGE = 50


@require_safe
@staff_page
def overview(request: UserRequest) -> HttpResponse:
    """The cases of the company, the newest first, and what became of each."""
    page = Paginator(pages.listed(), PAGE).get_page(request.GET.get("page"))
    writes = _writes(request.user, clock.now())
    return render(request, f"{TEMPLATES}/list.html", {"staff": _staff(request), "page": page, "writes": writes})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def new(request: UserRequest) -> HttpResponse:
    """Write a case down; of a strategy (?strategy=CODE) the clients who reached its goal stand in the form."""
    now = clock.now()
    if not _writes(request.user, now):
        raise Http404
    origin = Strategy.objects.filter(code=request.GET.get("strategy", "")).first()
    form = CaseForm(request.POST) if request.method == "POST" else CaseForm(initial=_begun(origin, request.user, now))
    if request.method == "POST" and form.is_valid() and (made := _written(request, form, origin, now)):
        return redirect("cases:case", made.pk)
    values = {"staff": _staff(request), "form": form, "origin": origin}
    return render(request, f"{TEMPLATES}/new.html", values, status=422 if request.method == "POST" else 200)


def _begun(origin: Strategy | None, user: User, now: datetime) -> dict[str, Any]:
    return {"clients": pages.lines(pages.good_results(origin, user, now))} if origin else {}


def _written(request: UserRequest, form: CaseForm, origin: Strategy | None, now: datetime) -> SuccessCase | None:
    try:
        return write_case(story=Story(**form.cleaned_data), origin=origin, by=request.user, now=now)
    except BadCase as bad:
        form.add_error(bad.field, str(bad))
        return None


@require_safe
@staff_page
def case(request: UserRequest, number: int) -> HttpResponse:
    """One case: its story, what its clients have in common, the strategy made of it and how far that went."""
    return _page(request, _case(number), None)


def _page(request: UserRequest, found: SuccessCase, form: DraftForm | None) -> HttpResponse:
    now = clock.now()
    search, drafts = pages.last_search(found), may_draft(request.user, now) and found.made_id is None
    seen = pages.clients_of(found, request.user, now)
    values = {
        "staff": _staff(request), "case": found, "search": search, "rules": pages.told(search),
        "asks": _asks(request.user, found, now), "least": figures().least_served,
        "sample": sample_of(request.user, seen, now), "way": pages.way(found),
        "spread": pages.spread(found), "days": pages.days_to_another_branch(found),
        "form": (form or _draft_form(found, search)) if drafts else None,
    }  # fmt: skip
    return render(request, f"{TEMPLATES}/one.html", values, status=422 if form else 200)


def _draft_form(found: SuccessCase, search: Any) -> DraftForm:
    first = search.rules[0]["text"] if search and search.rules else ""
    return DraftForm(initial={"condition": first, "like": found.origin.code if found.origin else ""})


@require_POST
@staff_page
def search(request: UserRequest, number: int) -> HttpResponse:
    """Ask a worker to search what the clients of a case have in common."""
    now, found = clock.now(), _case(number)
    if not _asks(request.user, found, now):
        raise Http404
    try:
        ask_search(case=found, by=request.user, now=now)
        messages.success(request, _("Asked for. The answer stands here within a few minutes."))
    except CannotSearch as refused:
        messages.warning(request, str(refused))
    return redirect("cases:case", number)


@require_POST
@staff_page
def draft(request: UserRequest, number: int) -> HttpResponse:
    """Draft a strategy of a case."""
    now, found = clock.now(), _case(number)
    if not may_draft(request.user, now):
        raise Http404
    form = DraftForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        made = draft_of_case(case=found, by=request.user, now=now, **form.cleaned_data)
    except CannotDraft as refused:
        messages.warning(request, str(refused))
        return redirect("cases:case", number)
    messages.success(request, _("Drafted. Its steps wait in the administration for a second person to publish them."))
    return redirect("studio:author", made.strategy.code)


def _case(number: int) -> SuccessCase:
    return get_object_or_404(SuccessCase.objects.select_related("branch", "author__staff", "made", "origin"), pk=number)


def _staff(request: UserRequest) -> Staff | None:
    who = standing_of(request.user)
    return who.staff if who else None


def _asks(user: User, found: SuccessCase, now: datetime) -> bool:
    """Who writes cases in its branch, and who drafts strategies of them."""
    who = standing_of(user)
    return may_draft(user, now) or (who is not None and who.staff.branch_id == found.branch_id and _writes(user, now))


def _writes(user: User, now: datetime) -> bool:
    who = standing_of(user)
    return who is not None and bool(WRITERS & who.roles(now))
