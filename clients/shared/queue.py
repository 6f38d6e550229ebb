"""Machine work: a row in the same transaction as its cause, a message on commit, and a sweeper for what got lost.

The row is the truth. While a worker performs a job it holds an advisory lock on the job's number; the sweeper finds
work whose worker died by that lock being free, so a crash costs one sweep and not a time-out.
"""

import functools
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from celery import Celery, shared_task
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils.module_loading import import_string

from clients.shared import clock
from clients.shared.advisory import Space
from clients.shared.models import Job

log = logging.getLogger(__name__)
RESEND_AFTER = timedelta(minutes=2)
RETRY_AFTER = timedelta(minutes=5)
KEEP_DONE = timedelta(days=14)
MAX_ATTEMPTS = 5
SWEEP_AT_ONCE = 1000
# The twin that waits already is locked until the caller commits: a worker that took it now would not see his rows.
PUT_IN_LINE = """
INSERT INTO shared_job (name, argument, state, attempts, error, created_at) VALUES (%s, %s, 'waiting', 0, '', %s)
ON CONFLICT (name, argument) WHERE state = 'waiting' DO UPDATE SET created_at = shared_job.created_at RETURNING id
"""


def job(name: str) -> Callable[[Callable[[str], object]], Any]:
    """Make `work(argument)` a Celery task of this name that is started by a row's number."""

    def register(work: Callable[[str], object]) -> Any:
        @functools.wraps(work)
        def run(job_id: int) -> bool:
            return perform(job_id, work)

        return shared_task(name=name)(run)

    return register


@transaction.atomic
def enqueue(name: str, argument: object = "", *, now: datetime) -> Job:
    """Put a job in line; on commit its id is sent to the workers by task name. Waiting twice is waiting once."""
    with connection.cursor() as cursor:
        cursor.execute(PUT_IN_LINE, [name, str(argument), now])
        row = Job.objects.get(pk=cursor.fetchone()[0])
    transaction.on_commit(lambda: _send(row.pk, name))
    return row


def perform(job_id: int, work: Callable[[str], object]) -> bool:
    """Do one job if it still waits; True when this call did it. A failure is kept in the row and raised on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [Space.JOB, job_id])
        if not cursor.fetchone()[0]:
            return False  # another worker is at it: the broker delivered the message twice
    try:
        return _perform(job_id, work)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [Space.JOB, job_id])


def _perform(job_id: int, work: Callable[[str], object]) -> bool:
    taken = Job.objects.filter(pk=job_id, state=Job.State.WAITING).update(
        state=Job.State.RUNNING, started_at=clock.now(), attempts=F("attempts") + 1
    )
    if not taken:
        return False
    try:
        work(Job.objects.values_list("argument", flat=True).get(pk=job_id))
    except Exception as error:
        _close(job_id, Job.State.FAILED, repr(error))
        raise
    _close(job_id, Job.State.DONE, "")
    return True


def sweep(*, now: datetime) -> int:
    """Send again what waits too long, take back what a dead worker left, retry what failed; the number sent."""
    _take_back_orphans()
    failed = Job.objects.filter(state=Job.State.FAILED, attempts__lt=MAX_ATTEMPTS, finished_at__lt=now - RETRY_AFTER)
    _unique_waiting(failed).update(state=Job.State.WAITING, sent_at=None)
    Job.objects.filter(state=Job.State.DONE, finished_at__lt=now - KEEP_DONE).delete()
    stale = Job.objects.filter(state=Job.State.WAITING).filter(
        Q(sent_at__isnull=True) | Q(sent_at__lt=now - RESEND_AFTER)
    )
    rows = list(stale.values_list("pk", "name")[:SWEEP_AT_ONCE])
    for pk, name in rows:
        _send(pk, name)
    return len(rows)


@transaction.atomic
def _take_back_orphans() -> None:
    """A running job whose lock is free has no worker any more; one that costs every worker its life is given up."""
    for row in Job.objects.filter(state=Job.State.RUNNING).order_by("pk")[:SWEEP_AT_ONCE]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [Space.JOB, row.pk])
            if cursor.fetchone()[0]:
                _take_back(row)


@transaction.atomic
def retry(job_id: int) -> bool:
    """Put a failed job back in line at once, its attempts counted anew; False when it has not failed or its twin waits.

    Called by an administrator, who has mended what made it fail.
    """
    failed = Job.objects.filter(pk=job_id, state=Job.State.FAILED)
    if not _unique_waiting(failed).update(state=Job.State.WAITING, attempts=0, sent_at=None):
        return False
    transaction.on_commit(lambda: _send(job_id, Job.objects.values_list("name", flat=True).get(pk=job_id)))
    return True


def _take_back(row: Job) -> None:
    if row.attempts >= MAX_ATTEMPTS:
        _close(row.pk, Job.State.FAILED, f"its worker died {row.attempts} times")
        return
    orphan = Job.objects.filter(pk=row.pk, state=Job.State.RUNNING)
    _unique_waiting(orphan).update(state=Job.State.WAITING, sent_at=None)


def _unique_waiting(rows: QuerySet[Job]) -> QuerySet[Job]:
    """Leave out jobs whose twin already waits, and of several twins take the newest: only one may wait."""
    twin = Job.objects.filter(name=OuterRef("name"), argument=OuterRef("argument"), state=Job.State.WAITING)
    newest = rows.order_by().values("name", "argument").annotate(newest=Max("pk")).values("newest")
    return rows.filter(~Exists(twin), pk__in=newest)


def _send(pk: int, name: str) -> None:
    try:
        app().send_task(name, args=[pk])
    except Exception:  # whatever the broker's client raises: the row is the truth, the sweeper sends it again
        log.warning("job %s %s could not be sent, it waits for the sweeper", pk, name)
        return
    Job.objects.filter(pk=pk).update(sent_at=clock.now())


@functools.lru_cache(maxsize=1)
def app() -> Celery:
    """Return our Celery app, by name: until somebody imports it, `current_app` is a stranger with another broker."""
    return import_string(settings.JOB_APP)


def _close(pk: int, state: str, error: str) -> None:
    Job.objects.filter(pk=pk).update(state=state, error=error[:2000], finished_at=clock.now())
