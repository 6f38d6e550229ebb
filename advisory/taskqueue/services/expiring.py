"""Closing what nobody began while it was worth doing."""

from datetime import datetime

from django.db import transaction

from advisory.taskqueue.models import Task
from advisory.taskqueue.services.transitions import move_all

BATCH = 500
WAITING = [Task.State.HELD, Task.State.OPEN, Task.State.SNOOZED]
CODE = "expired"


def expire(*, now: datetime) -> int:
    """This will close tasks and reminders that nobody works on and whose time has passed; how many.

    Else they would stand before those that can still be begun, and count as work that people have.
    """
    done = BATCH
    total = 0
    while done == BATCH:
        done = _batch(now)
        total += done
    return total


@transaction.atomic
def _batch(now: datetime) -> int:
    rows = Task.objects.select_for_update(skip_locked=True, no_key=True).filter(state__in=WAITING, valid_until__lt=now)
    found = list(rows.order_by("pk")[:BATCH])
    return move_all(
        tasks=found, to=Task.State.EXPIRED, by="system:clock", now=now, slot=None, closed_at=now, close_code=CODE
    )
