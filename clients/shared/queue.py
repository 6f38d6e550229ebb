"""Machine work: a row in the same transaction as its cause, a message on commit, and a sweeper for what got lost."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from celery import current_app
from django.db import transaction
from django.db.models import F, Q

from clients.shared import clock
from clients.shared.models import Job

log = logging.getLogger(__name__)
RESEND_AFTER = timedelta(minutes=2)
STALLED_AFTER = timedelta(hours=2)
MAX_ATTEMPTS = 5


@transaction.atomic
def enqueue(name: str, argument: object = "", *, now: datetime) -> Job:
    """Put a job in line; on commit its id is sent to the workers by task name. Waiting twice is waiting once."""
    job, _created = Job.objects.get_or_create(
        name=name, argument=str(argument), state=Job.State.WAITING, defaults={"created_at": now}
    )
    transaction.on_commit(lambda: _send(job.pk, name))
    return job


def perform(job_id: int, work: Callable[[str], object]) -> bool:
    """Run one job if it still waits; True when this call did it. A failure is kept in the row and raised on."""
    taken = Job.objects.filter(pk=job_id, state=Job.State.WAITING).update(
        state=Job.State.RUNNING, started_at=clock.now(), attempts=F("attempts") + 1
    )
    if not taken:
        return False
    job = Job.objects.get(pk=job_id)
    try:
        work(job.argument)
    except Exception as error:
        _close(job_id, Job.State.FAILED, repr(error))
        raise
    _close(job_id, Job.State.DONE, "")
    return True


def sweep(*, now: datetime) -> int:
    """Send again what waits too long (the broker may have lost it) and take back what a dead worker left running."""
    Job.objects.filter(state=Job.State.RUNNING, started_at__lt=now - STALLED_AFTER, attempts__lt=MAX_ATTEMPTS).update(
        state=Job.State.WAITING
    )
    stale = Job.objects.filter(state=Job.State.WAITING).filter(
        Q(sent_at__isnull=True, created_at__lt=now - RESEND_AFTER) | Q(sent_at__lt=now - RESEND_AFTER)
    )
    rows = list(stale.values_list("pk", "name")[:1000])
    for pk, name in rows:
        _send(pk, name)
    return len(rows)


def _send(pk: int, name: str) -> None:
    try:
        current_app.send_task(name, args=[pk])
    except Exception:  # the row is the truth: the sweeper sends it again
        log.warning("job %s %s could not be sent, it waits for the sweeper", pk, name)
        return
    Job.objects.filter(pk=pk).update(sent_at=clock.now())


def _close(pk: int, state: str, error: str) -> None:
    Job.objects.filter(pk=pk).update(state=state, error=error[:2000], finished_at=clock.now())
