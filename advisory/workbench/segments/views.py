"""The pages of segments: the list with a form, one segment, and the steps of a list of its clients."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from advisory.workbench.segments import selectors
from advisory.workbench.segments.forms import ListForm, SegmentForm
from advisory.workbench.selectors import staff_of
from clients.org.models import Staff
from clients.org.requests import UserRequest
from clients.shared import clock
from clients.shared.guards import staff_page
from kpm.strategies import segmenting, services
from kpm.strategies.models import Segment, SegmentExport

TEMPLATES = "advisory/workbench/segments"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def overview(request: UserRequest) -> HttpResponse:
    """The segments of one's branches and of the company, and a form for another one."""
    now = clock.now()
    staff = _reader(request, now)
    writes = segmenting.role_of(request.user, segmenting.WRITERS, now)
    form = SegmentForm(request.POST or None)
    if request.method == "POST":
        if not writes:
            raise Http404
        if form.is_valid() and (saved := _saved(request, form, staff, now)):
            return redirect("workbench:segment", saved.pk)
    values = {"staff": staff, "segments": segmenting.visible(staff), "form": form if writes else None}
    return render(request, f"{TEMPLATES}/list.html", values, status=422 if request.method == "POST" else 200)


def _saved(request: UserRequest, form: SegmentForm, staff: Staff, now: datetime) -> Segment | None:
    try:
        return services.save_segment(**form.cleaned_data, branch=staff.branch, by=request.user, now=now)
    except services.BadSegment as bad:
        form.add_error(bad.field, str(bad))
        return None


@require_safe
@staff_page
def segment(request: UserRequest, number: int) -> HttpResponse:
    """One segment: how many, where, a few of them, and what it shares with others."""
    now = clock.now()
    staff = _reader(request, now)
    found = get_object_or_404(segmenting.visible(staff), pk=number)
    return _one(request, staff, found, now)


def _one(request: UserRequest, staff: Staff, found: Segment, now: datetime, typed: SegmentForm | None = None) -> Any:
    """Show a segment; `typed` is a change that cannot be saved."""
    form = ListForm() if segmenting.role_of(request.user, segmenting.WRITERS, now) else None
    changes = typed
    if typed is None and services.may_change(found, request.user, now):
        changes = SegmentForm(initial={"name": found.name, "condition": found.condition})
    shown = selectors.page_of(request.user, staff, found, now)
    values = {"staff": staff, "ask": form, "changes": changes, **shown}
    return render(request, f"{TEMPLATES}/one.html", values, status=422 if typed else 200)


@require_POST
@staff_page
def change(request: UserRequest, number: int) -> HttpResponse:
    """Give a segment another name or condition."""
    now = clock.now()
    staff = _reader(request, now)
    found = get_object_or_404(segmenting.visible(staff), pk=number)
    form = SegmentForm(request.POST)
    try:
        if form.is_valid() or not services.may_change(found, request.user, now):
            said = {name: form.cleaned_data.get(name, "") for name in form.fields}
            services.change_segment(segment=found, **said, by=request.user, now=now)
            messages.success(request, _("Saved."))
            return redirect("workbench:segment", number)
    except services.BadSegment as bad:
        form.add_error(bad.field, str(bad))
    except services.NotAllowed as refused:
        messages.warning(request, str(refused))
        return redirect("workbench:segment", number)
    return _one(request, staff, found, now, form)


@require_POST
@staff_page
def delete(request: UserRequest, number: int) -> HttpResponse:
    """Delete a segment that nothing names."""
    now = clock.now()
    found = get_object_or_404(segmenting.visible(_reader(request, now)), pk=number)
    try:
        services.delete_segment(segment=found, by=request.user, now=now)
    except services.NotAllowed as refused:
        messages.warning(request, str(refused))
        return redirect("workbench:segment", number)
    messages.success(request, _("Deleted: %(name)s") % {"name": found.name})
    return redirect("workbench:segments")


@require_POST
@staff_page
def ask(request: UserRequest, number: int) -> HttpResponse:
    """Ask a second person for the list of a segment's clients."""
    now = clock.now()
    found = get_object_or_404(segmenting.visible(_reader(request, now)), pk=number)
    try:
        services.ask_for_list(segment=found, reason=request.POST.get("reason", ""), by=request.user, now=now)
        messages.success(request, _("Asked for. A second person decides."))
    except services.NotAllowed as refused:
        messages.warning(request, str(refused))
    return redirect("workbench:segment", number)


@require_POST
@staff_page
def decide(request: UserRequest, number: int) -> HttpResponse:
    """Approve or refuse a list that somebody else asked for."""
    now = clock.now()
    export = get_object_or_404(_lists(_reader(request, now)), pk=number)
    try:
        services.decide(export=export, approved=request.POST.get("answer") == "yes", by=request.user, now=now)
        messages.success(request, _("Decided."))
    except services.NotAllowed as refused:
        messages.warning(request, str(refused))
    return redirect("workbench:segment", export.segment_id)


@require_POST
@staff_page
def take(request: UserRequest, number: int) -> HttpResponse:
    """Take a list away as a file; who did is kept."""
    now = clock.now()
    export = get_object_or_404(_lists(_reader(request, now)), pk=number)
    try:
        content = services.take_away(export=export, by=request.user, now=now)
    except services.NotAllowed as refused:
        messages.warning(request, str(refused))
        return redirect("workbench:segment", export.segment_id)
    name = f'attachment; filename="segment-{export.segment_id}-{export.pk}.csv"'
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})


def _lists(staff: Staff) -> QuerySet[SegmentExport]:
    return SegmentExport.objects.filter(place__path__startswith=staff.branch.path)


def _reader(request: UserRequest, now: datetime) -> Staff:
    staff: Any = staff_of(request.user)
    if staff is None or not segmenting.role_of(request.user, segmenting.READERS, now):
        raise Http404
    return staff  # type: ignore[no-any-return]
