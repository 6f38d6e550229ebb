"""Questions about tasks, always within what the person asking may see."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from advisory.taskqueue.models import Disposition, Task, TaskResult
from clients.org import access
from clients.org.models import Staff, User
from clients.shared import clock
from clients.shared.templatetags.faces import named

ACTIVE = [Task.State.OPEN, Task.State.WORKING, Task.State.SNOOZED, Task.State.REVIEW]
WORK = [Task.Kind.TASK, Task.Kind.CALLBACK, Task.Kind.MANUAL]
BEGUN = [Task.State.WORKING, Task.State.SNOOZED, Task.State.REVIEW]
TOLD = ["service", "risk"]


def visible(user: User, now: datetime) -> QuerySet[Task]:
    """Return the tasks that this person may see, with what a list shows of them."""
    rows = Task.objects.filter(access.scope(user, Task, now=now))
    return rows.select_related("client", "branch", "assignee", "worker")


def queue(user: User, tab: str, now: datetime) -> QuerySet[Task]:
    """Return one tab of the queue, most urgent first: mine, pool, reminders, done (today), all."""
    return of_tab(visible(user, now), tab, Staff.objects.get(user=user), now)


def of_tab(rows: QuerySet[Task], tab: str, staff: Staff, now: datetime) -> QuerySet[Task]:
    """Return what of visible `rows` belongs to a tab of this person, so that one page asks for its scope once."""
    if tab == "done":
        day = clock.shanghai_day(now)
        start = clock.at_shanghai(day, datetime.min.time())
        mine = Q(last_worker=staff) | Q(results__staff=staff)
        return rows.filter(mine, state=Task.State.DONE, closed_at__gte=start).distinct().order_by("-closed_at")
    if tab == "reminders":
        still = Q(valid_until__isnull=True) | Q(valid_until__gt=now)
        return rows.filter(still, kind=Task.Kind.REMINDER, state=Task.State.OPEN).order_by("-created_at")
    rows = rows.filter(kind__in=WORK, state__in=ACTIVE)
    if tab == "mine":
        rows = rows.filter(Q(assignee=staff) | Q(worker=staff))
    elif tab == "pool":
        rows = rows.filter(assignee__isnull=True)
    return rows.order_by("-rank", "due_at", "pk")


def task_for(user: User, uid: Any, now: datetime) -> Task:
    """Return one task that this person may see; Task.DoesNotExist otherwise, whatever the reason."""
    return visible(user, now).select_related("playbook_version__playbook", "last_worker").get(uid=uid)


def task_of_hit(hit_uid: UUID) -> Task | None:
    """Return the task or reminder that a hit became, with who has it; None when it became none."""
    rows = Task.objects.filter(hit_uid=hit_uid).select_related("assignee__user", "last_worker__user", "client")
    return rows.order_by("pk").first()


def finished_by(staff: Staff, *, since: datetime, until: datetime) -> list[tuple[str, str, str]]:
    """Return (client number, strategy code, response) of every task that a person finished in a stretch of time."""
    rows = TaskResult.objects.filter(staff=staff, at__gte=since, at__lt=until).order_by("pk")
    return list(rows.values_list("task__client__client_no", "task__strategy_code", "response"))


def in_hand(user: User, now: datetime) -> QuerySet[Task]:
    """Return the tasks about a client that somebody has begun, newest first: what he himself may hear of.

    What is only planned, what is meant to sell and what the law orders is the branch's own matter.
    """
    begun = Q(state__in=BEGUN, purpose__in=TOLD, kind__in=WORK)
    return visible(user, now).filter(begun).select_related("last_worker").order_by("-created_at", "-pk")


def dispositions() -> dict[str, list[Disposition]]:
    """Return the possible answers by kind, in their order."""
    rows: dict[str, list[Disposition]] = {kind: [] for kind in Disposition.Kind.values}
    for row in Disposition.objects.order_by("order", "pk"):
        rows[row.kind].append(row)
    return rows


def said(result: TaskResult) -> list[tuple[str, str]]:
    """Return the answers of a result as (question, answer) in the language of the page, without what was not asked."""
    labels = {(row.kind, row.code): named(row, "label") for rows in dispositions().values() for row in rows}
    answers = [(kind.label, labels.get((kind.value, getattr(result, kind.value)), "")) for kind in Disposition.Kind]
    return [(str(question), answer) for question, answer in answers if answer]


def due_soon(task: Task, now: datetime) -> str:
    """Return overdue, soon (within two hours) or later; empty without a deadline, and once the task is closed."""
    if task.due_at is None or task.state not in (Task.State.OPEN, Task.State.WORKING):
        return ""
    if task.due_at < now:
        return "overdue"
    return "soon" if task.due_at < now + timedelta(hours=2) else "later"
