"""The screens of the desk: login, queue, task. Find the row, make one call, show what came of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from advisory.taskqueue import selectors as taskqueue
from advisory.taskqueue import services
from advisory.taskqueue.models import Task
from advisory.workbench import pages, selectors
from clients.org import logins
from clients.org.forms import LoginForm
from clients.org.models import Staff, User
from clients.org.requests import UserRequest
from clients.shared import clock
from clients.shared.guards import staff_page


@ensure_csrf_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Let a member of staff in by staff number; who is in already goes on."""
    if request.user.is_authenticated and request.user.kind == User.Kind.STAFF:
        return logins.welcome(request, request.user, otherwise="workbench:queue")
    form = LoginForm(request.POST or None, name_label=_("Staff number"))
    if request.method == "POST" and form.is_valid():
        user = logins.log_in(request, kind=User.Kind.STAFF, **form.cleaned_data)
        if user:
            return logins.welcome(request, user, otherwise="workbench:queue")
        form.add_error(None, _("This number and password do not go together. Check both and try again."))
    return render(request, "advisory/workbench/login.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("workbench:login")


@require_safe
@staff_page
def queue(request: UserRequest) -> HttpResponse:
    """My tasks, my pool's, what I did today; reminders beside them."""
    now, staff = clock.now(), _staff(request)
    tab = request.GET.get("tab", "mine")
    if tab not in selectors.TABS:
        raise Http404
    values = {"queue": selectors.queue(request.user, staff, tab, now), "staff": staff, "now": now}
    page = "_queue_rows.html" if request.htmx else "queue.html"
    return render(request, f"advisory/workbench/{page}", values)


@require_safe
@staff_page
def task(request: UserRequest, uid: UUID) -> HttpResponse:
    """One task. Opening is not claiming; a reminder counts as seen once it is open."""
    now, staff = clock.now(), _staff(request)
    found = _visible(request, uid)
    if found.kind == Task.Kind.REMINDER:
        services.mark_seen(task=found, by=staff, now=now)
    return pages.task_page(request, found, staff, now)


@require_POST
@staff_page
def claim(request: UserRequest, uid: UUID) -> HttpResponse:
    """Begin a task; where that cannot be, say who has it or why."""
    staff, found = _staff(request), _workable(request, uid)
    try:
        services.claim(task=found, by=staff, now=clock.now())
    except services.CannotClaim as refused:
        return pages.refused_page(request, _visible(request, uid), staff, refused)
    return redirect("workbench:task", uid)


@require_POST
@staff_page
def claim_next(request: UserRequest) -> HttpResponse:
    """Begin the most urgent task that can be begun: my own first, then my pool's."""
    now, staff = clock.now(), _staff(request)
    for found in selectors.claimable(request.user, staff, now):
        try:
            services.claim(task=found, by=staff, now=now)
        except services.CannotClaim as refused:
            if refused.reason == "full":
                messages.warning(request, pages.why_not(refused))
                return redirect("workbench:queue")
            continue  # a colleague was faster, or is with this client: the next one
        return redirect("workbench:task", found.uid)
    messages.info(request, _("No task can be begun now: none is open to you, or colleagues are with the clients."))
    return redirect("workbench:queue")


@require_POST
@staff_page
def release(request: UserRequest, uid: UUID) -> HttpResponse:
    """Put a task back in line."""
    staff, found = _staff(request), _workable(request, uid)
    try:
        services.release(task=found, by=staff, now=clock.now())
    except services.Conflict:
        messages.warning(request, _("The task was no longer yours; nothing was changed."))
    return redirect("workbench:task", uid)


@require_POST
@staff_page
def finish(request: UserRequest, uid: UUID) -> HttpResponse:
    """Save the three answers. What was typed is shown again when something is missing or somebody else has the task."""
    now, staff = clock.now(), _staff(request)
    found = _workable(request, uid)
    form = pages.result_form(selectors.steps_of(found), request.POST)
    if not form.is_valid():
        return pages.task_page(request, _visible(request, uid), staff, now, form=form, status=422)
    try:
        services.finish(task=found, by=staff, now=now, **form.result())
    except services.AnswersMissing as missing:
        for field, fault in missing.fields.items():
            form.add_error(field if field in form.fields else None, fault)
        return pages.task_page(request, _visible(request, uid), staff, now, form=form, status=422)
    except services.Conflict as conflict:
        again = _visible(request, uid)
        return pages.task_page(request, again, staff, now, form=form, status=409, conflict=conflict)
    messages.success(request, _("Saved."))
    return redirect("workbench:task", uid)


@require_safe
@staff_page
def components(request: UserRequest) -> HttpResponse:
    """Every component of the house on one page, so that a change can be looked at."""
    return render(request, "advisory/workbench/components.html", {"staff": _staff(request), **pages.samples()})


def _staff(request: UserRequest) -> Staff:
    staff = selectors.staff_of(request.user)
    if staff is None:
        raise Http404
    return staff


def _visible(request: UserRequest, uid: UUID) -> Any:
    try:
        return taskqueue.task_for(request.user, uid, clock.now())
    except Task.DoesNotExist as missing:
        raise Http404 from missing


def _workable(request: UserRequest, uid: UUID) -> Task:
    try:
        return selectors.workable(request.user, uid, clock.now())
    except Task.DoesNotExist as missing:
        raise Http404 from missing
