"""The pages of the studio: the list of strategies, one being written, and the pieces that follow every letter."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients.org.requests import UserRequest, person
from clients.shared import clock
from clients.shared.guards import staff_page
from kpm.strategies import selectors, services
from kpm.strategies.models import Strategy, StrategyVersion
from kpm.strategies.studio import forms, looking, words
from kpm.strategies.studio import selectors as studio
from kpm.strategies.studio.looking import Looker, looker

TEMPLATES = "kpm/studio"
PAGE = 50
WRITE = "strategies.change_strategyversion"


@require_safe
@staff_page
def overview(request: UserRequest) -> HttpResponse:
    """All strategies, by lifecycle, business line and state, with what each found last."""
    who = looker(request.user, clock.now())
    chosen = {name: request.GET.get(name, "") for name in studio.FILTERS}
    asked = request.GET.get("q", "").strip()
    day, found = selectors.last_matches()
    page = Paginator(studio.listed(chosen, asked), PAGE).get_page(request.GET.get("page"))
    rows = [(strategy, found.get(strategy.pk)) for strategy in page]
    values = {"staff": who.staff, "page": page, "rows": rows, "day": day, "asked": asked, "chosen": chosen}
    return render(request, f"{TEMPLATES}/list.html", values | {"filters": _filters(chosen)})


def _filters(chosen: dict[str, str]) -> list[dict[str, Any]]:
    kinds = {"lifecycle": Strategy.Lifecycle, "business": Strategy.Business, "status": Strategy.Status}
    titles = {"lifecycle": _("Lifecycle"), "business": _("Business line"), "status": _("State")}
    return [
        {"name": name, "title": titles[name], "choices": kind.choices, "chosen": chosen[name]}
        for name, kind in kinds.items()
    ]


@require_safe
@staff_page
def vocabulary(request: UserRequest) -> HttpResponse:
    """The words of a condition for the editor, as JSON."""
    looker(request.user, clock.now())
    return JsonResponse(words.words())


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def author(request: UserRequest, code: str) -> HttpResponse:
    """One strategy: its newest draft to write on, or the version that runs to try out."""
    now = clock.now()
    who, version = looker(request.user, now), _version(code)
    if request.method != "POST":
        return _page(request, who, version, forms.opened(version), now)
    typed = forms.typed(version, request.POST)
    if request.POST.get("do") != "save":
        return _page(request, who, version, typed, now)
    if not _writes(request, version):
        raise Http404
    return _saved(request, version, typed, now) or _page(request, who, version, typed, now, status=422)


def _saved(request: UserRequest, version: StrategyVersion, typed: forms.Typed, now: datetime) -> HttpResponse | None:
    """Keep a draft that has no fault; None when it has one, which its form then says."""
    if not typed.form.is_valid():
        return None
    changed = typed.form.changed_data
    try:
        services.save_draft(version=typed.version, changed=changed, by=person(request), now=now)
    except services.CannotChange as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
    return redirect("studio:author", version.strategy.code)


@require_POST
@staff_page
def draft(request: UserRequest, code: str) -> HttpResponse:
    """Open the next version, made from the newest one."""
    now = clock.now()
    looker(request.user, now)
    strategy = get_object_or_404(Strategy, code=code)
    if not request.user.has_perm(WRITE):
        raise Http404
    try:
        services.draft_version(strategy=strategy, by=person(request), now=now)
    except services.CannotChange as refused:
        messages.warning(request, str(refused))
    return redirect("studio:author", code)


@require_POST
@staff_page
def check(request: UserRequest, code: str) -> HttpResponse:
    """What is wrong with a condition, and its comparisons one by one; text and rows follow each other."""
    who, version = looker(request.user, clock.now()), _version(code)
    typed = forms.typed(version, request.POST)
    name = getattr(request.htmx, "trigger_name", None)
    values = {"typed": typed, "version": version, "follow": True, "reshape": not typed.by_rows or name != "b_value"}
    answer = render(request, f"{TEMPLATES}/_check.html", values | looking.leaves(typed, who))
    if name == "do":
        answer["HX-Trigger-After-Swap"] = "studio:moved"
    return answer


@require_POST
@staff_page
def preview(request: UserRequest, code: str) -> HttpResponse:
    """The first answer: who matches, and the funnel up to the caps."""
    now = clock.now()
    who, version = looker(request.user, now), _version(code)
    values = looking.preview(forms.typed(version, request.POST), who, request.user, now)
    return render(request, f"{TEMPLATES}/_preview.html", values | {"version": version})


@require_POST
@staff_page
def guess(request: UserRequest, code: str) -> HttpResponse:
    """The second answer: how many of them would win, by the scores of the last night."""
    now = clock.now()
    who, version = looker(request.user, now), _version(code)
    values = looking.estimated(forms.typed(version, request.POST), who, now)
    return render(request, f"{TEMPLATES}/_estimate.html", values)


def _version(code: str) -> StrategyVersion:
    found = studio.shown_version(get_object_or_404(Strategy, code=code))
    if found is None:
        raise Http404
    return found


def _writes(request: UserRequest, version: StrategyVersion) -> bool:
    return version.submitted_at is None and request.user.has_perm(WRITE)


def _page(
    request: UserRequest, who: Looker, version: StrategyVersion, typed: forms.Typed, now: datetime, status: int = 200
) -> HttpResponse:
    values = {
        "staff": who.staff, "strategy": version.strategy, "version": version, "typed": typed, "reshape": True,
        "groups": forms.fields_of(typed.form), "writes": _writes(request, version),
        "may_draft": request.user.has_perm(WRITE), "may_administer": request.user.has_perm("strategies.view_strategy"),
    }  # fmt: skip
    if request.method == "POST":  # who has no script sees at once what a script would fetch
        values |= looking.leaves(typed, who) | looking.preview(typed, who, request.user, now) | {"now_shown": True}
    return render(request, f"{TEMPLATES}/author.html", values, status=status)
