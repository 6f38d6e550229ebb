"""Putting the task page together, in every state it can be in; and the samples of the component page."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from advisory.dispatch import evidence, wording
from advisory.taskqueue import selectors as taskqueue
from advisory.taskqueue.models import PlaybookStep, Task, TaskResult
from advisory.taskqueue.services import CannotClaim
from advisory.workbench import reaching, selectors
from advisory.workbench.forms import ResultForm, unused_key
from clients.org.forms import LoginForm
from clients.org.models import Staff
from clients.org.requests import UserRequest
from clients.shared import clock
from kpm.strategies.catalogue_of import catalogue


def result_form(steps: list[PlaybookStep], typed: Mapping[str, Any] | None = None, **initial: Any) -> ResultForm:
    """Return the result form of these steps, bound to what was typed or fresh with `initial`."""
    return ResultForm(typed, steps=steps, answers=taskqueue.dispositions(), initial=initial)


def task_page(
    request: UserRequest,
    task: Task,
    staff: Staff,
    now: datetime,
    *,
    form: ResultForm | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """Show a task: why now first, then its steps, then what can be done with it by this person."""
    mine = task.state == Task.State.WORKING and task.worker_id == staff.pk
    steps = form.steps if form else selectors.steps_of(task)
    if form is None and mine:
        form = result_form(steps, fence=task.fence, idem_key=unused_key())
    values = {
        "task": task,
        "staff": staff,
        "now": now,
        "mine": mine,
        "card": selectors.client_card(
            request.user, task.client, now, mine=staff.pk in (task.assignee_id, task.worker_id)
        ),
        "reach": reaching.best_time(request.user, task.client, now),
        "evidence": evidence.lines(task.evidence),
        "steps": _told(task, steps, form),
        "form": form,
        "result": _answered(selectors.result_of(task)) if task.state == Task.State.DONE else None,
        **more,
    }
    return render(request, "advisory/workbench/task.html", values, status=status)


def refused_page(request: UserRequest, task: Task, staff: Staff, refused: CannotClaim) -> HttpResponse:
    """Show a task that could not be begun, and why."""
    return task_page(request, task, staff, clock.now(), refused=why_not(refused), status=409)


def why_not(refused: CannotClaim) -> str:
    """Say why a task cannot be begun now."""
    name = refused.holder.name if refused.holder else _("A colleague")
    texts = {
        "full": _("You are working on as many tasks as you may have at once. Finish or release one first."),
        "busy": _("%(name)s is with this client now. Wait, or take another task.") % {"name": name},
        "licence": _("This is adviser work and you have no valid adviser licence."),
        "stopped": _("The house has stopped this service for now; the task cannot be taken."),
        "taken": _("%(name)s has taken this task.") % {"name": name},
    }
    return texts.get(refused.reason, _("This task is closed or not open now."))


def _told(task: Task, steps: list[PlaybookStep], form: ResultForm | None) -> list[dict[str, Any]]:
    """Each step with its text filled from the evidence, and the field of its answer while the task is in work."""
    fields = {step.order: field for step, field in form.numbered()} if form else {}
    return [
        {
            "step": step,
            "text": wording.fill(step.text, task.evidence, catalogue()),
            "field": fields.get(step.order),
        }
        for step in steps
    ]


def _answered(result: TaskResult | None) -> dict[str, Any] | None:
    """A result with the names of its three answers."""
    if result is None:
        return None
    return {"row": result, "answers": taskqueue.said(result)}


def samples() -> dict[str, Any]:
    """Made-up values for the component page; the form shows its errors."""
    form = LoginForm(
        {"username": "E0107", "password": ""}, name_label=_("Staff number"), name_help=_("As on your card")
    )
    form.add_error(None, _("This number and password do not go together. Check both and try again."))
    first = date(2026, 10, 12)
    values = [100, 103, 101, 106, 104, 99, 102, 108, 111, 109, 113, 112, 118, 116, 121]
    return {
        "form": form,
        "points": [(first + timedelta(days=n), Decimal(value) * 12345) for n, value in enumerate(values)],
        "one_point": [(first, Decimal(1))],
        "parts": [(_("Stock"), Decimal("845000")), (_("ETF"), Decimal("212000")), (_("Cash"), Decimal("96020.5"))],
        "large": Decimal("123456789.01"),
        "up": Decimal("1234.5"),
        "down": Decimal("-987.65"),
        "zero": Decimal(0),
        "ratio": Decimal("0.0123"),
        "minus": Decimal("-0.0456"),
        "day": date(2026, 11, 20),
    }
