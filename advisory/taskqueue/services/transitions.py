"""The state machine of DESK 4, and the only writer of `Task.state`.

A trigger refuses a change of state from anywhere else (it looks for the mark that `step` sets for its own
transaction) and every edge that is not in EDGES, so bulk updates, the admin and raw SQL cannot go round it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F

from advisory.taskqueue.edges import EDGES
from advisory.taskqueue.models import Task, TaskEvent
from clients.shared import live


class Conflict(Exception):
    """Somebody else has this task now, or it is already closed; `holder` and `since` say who and when."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.holder = task.worker
        self.since = task.events.order_by("-pk").values_list("at", flat=True).first()
        super().__init__(f"task {task.uid} is {task.state}")


def move(
    *,
    task: Task,
    to: str,
    by: str,
    now: datetime,
    reason: str = "",
    expect: dict[str, Any] | None = None,
    **changes: Any,
) -> Task:
    """This will move one task along one edge and return it as it is now; see `step`."""
    step(task=task, to=to, by=by, now=now, reason=reason, expect=expect, **changes)
    return Task.objects.select_related("client", "branch", "worker", "assignee").get(pk=task.pk)


def step(
    *,
    task: Task,
    to: str,
    by: str,
    now: datetime,
    reason: str = "",
    expect: dict[str, Any] | None = None,
    **changes: Any,
) -> None:
    """This will move one task along one edge: a conditional UPDATE, one event, one bump; raises Conflict otherwise.

    `expect` adds conditions to the UPDATE (worker, fence), so a row that changed since it was read is left alone. The
    row that was given stays as it was read.
    """
    if (task.state, to) not in EDGES:
        raise Conflict(task)
    _permit()
    changed = Task.objects.filter(pk=task.pk, state=task.state, **(expect or {})).update(
        state=to, version=F("version") + 1, **changes
    )
    if not changed:
        raise Conflict(Task.objects.select_related("worker").get(pk=task.pk))
    TaskEvent.objects.create(task=task, from_state=task.state, to_state=to, by=by, at=now, reason=reason)
    live.bump(*_channels(task, changes))


def move_all(*, tasks: Sequence[Task], to: str, by: str, now: datetime, reason: str = "", **changes: Any) -> int:
    """This will move tasks that the caller has locked along one edge each, with an event for each; how many."""
    if any((task.state, to) not in EDGES for task in tasks):
        raise Conflict(next(task for task in tasks if (task.state, to) not in EDGES))
    _permit()
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(state=to, version=F("version") + 1, **changes)
    TaskEvent.objects.bulk_create(
        [TaskEvent(task=task, from_state=task.state, to_state=to, by=by, at=now, reason=reason) for task in tasks]
    )
    live.bump(*(name for task in tasks for name in _channels(task, changes)))
    return len(tasks)


def _permit() -> None:
    """Set the mark that the trigger looks for; it ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('wangting.transition', 'on', true)")


def _channels(task: Task, changes: dict[str, Any]) -> list[str]:
    people = {task.assignee_id, task.worker_id, getattr(changes.get("worker"), "pk", None)} - {None}
    return [f"pool:{task.pool}", f"branch:{task.branch_id}:board", *(f"staff:{person}" for person in people)]
