"""Claiming a task, giving it back, and taking back what a silent worker holds."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from advisory.taskqueue.models import Task
from advisory.taskqueue.services.transitions import Conflict, move, step
from clients.org.models import Staff
from clients.org.selectors import licensed_advisers
from clients.register.models import ClientGrant
from kpm.strategies import services as strategies

LEASE = timedelta(minutes=15)
GRANT_AFTER_CLAIM = timedelta(hours=24)
ATTEMPTS = 5
ADVISER_POOL = "adviser:"


class CannotClaim(Exception):
    """The task cannot be begun now; `reason` is full, busy (a colleague works this client), taken, closed,
    licence (adviser work without a valid licence) or stopped (the house stopped this service)."""

    def __init__(self, reason: str, holder: Staff | None = None) -> None:
        self.reason, self.holder = reason, holder
        super().__init__(reason)


def claim(*, task: Task, by: Staff, now: datetime) -> Task:
    """This will give an open task to `by` for the length of a lease, and open the client to him for a day.

    That two people never work one client is kept by unique indexes; losing a race raises CannotClaim. Claiming
    what one already holds returns it.
    """
    sweep_lapsed(now=now)
    for _attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return _claim_once(Task.objects.select_related("worker").get(pk=task.pk), by, now)
        except IntegrityError:
            continue  # another tab took the slot, or a colleague the client: look again
    raise CannotClaim("busy")


def _claim_once(task: Task, by: Staff, now: datetime) -> Task:
    if task.state == Task.State.WORKING and task.worker_id == by.pk:
        return task
    if task.state != Task.State.OPEN:
        raise CannotClaim("taken" if task.state == Task.State.WORKING else "closed", task.worker)
    _refuse_unfit(task, by, now)
    busy = Task.objects.filter(client=task.client_id, state=Task.State.WORKING).select_related("worker").first()
    if busy:
        raise CannotClaim("busy", busy.worker)
    try:
        task = move(
            task=task, to=Task.State.WORKING, by=by.staff_no, now=now, worker=by, last_worker=by,
            slot=_free_slot(by), lease_until=now + LEASE, fence=F("fence") + 1,
        )  # fmt: skip
    except Conflict as conflict:
        raise CannotClaim("taken", conflict.holder) from conflict
    ClientGrant.objects.create(
        client_id=task.client_id, staff=by, reason=f"task {task.uid}", granted_at=now,
        expires_at=now + GRANT_AFTER_CLAIM,
    )  # fmt: skip
    return task


def _refuse_unfit(task: Task, by: Staff, now: datetime) -> None:
    """A reminder is read, not worked; old news is not told; adviser work needs a licence that is valid today."""
    if task.kind == Task.Kind.REMINDER or (task.valid_until and task.valid_until < now):
        raise CannotClaim("closed")
    if task.hit_uid and strategies.is_stopped(hit_uid=task.hit_uid, now=now):
        raise CannotClaim("stopped")
    if task.pool.startswith(ADVISER_POOL) and not licensed_advisers(now).filter(pk=by.pk).exists():
        raise CannotClaim("licence")


def _free_slot(by: Staff) -> int:
    used = set(Task.objects.filter(worker=by, state=Task.State.WORKING).values_list("slot", flat=True))
    free = [slot for slot in range(1, by.seat_cap + 1) if slot not in used]
    if not free:
        raise CannotClaim("full")
    return free[0]


@transaction.atomic
def release(*, task: Task, by: Staff, now: datetime) -> Task:
    """This will put a task back in line; only its worker may, and what he typed so far stays with him."""
    return move(
        task=task, to=Task.State.OPEN, by=by.staff_no, now=now, reason="released",
        expect={"worker": by, "fence": task.fence}, worker=None, slot=None, lease_until=None,
    )  # fmt: skip


@transaction.atomic
def sweep_lapsed(*, now: datetime) -> int:
    """This will put back every task whose lease ran out; called before each claim, so no clock has to be trusted."""
    lapsed = Task.objects.select_for_update(skip_locked=True).filter(state=Task.State.WORKING, lease_until__lt=now)
    tasks = list(lapsed)
    for task in tasks:
        step(
            task=task, to=Task.State.OPEN, by="system:lease", now=now, reason="lease lapsed",
            expect={"fence": task.fence}, worker=None, slot=None, lease_until=None,
        )  # fmt: skip
    return len(tasks)


def mark_seen(*, task: Task, by: Staff, now: datetime) -> None:
    """This will note when a reminder was first opened by the person it is for."""
    Task.objects.filter(pk=task.pk, kind=Task.Kind.REMINDER, assignee=by, seen_at__isnull=True).update(seen_at=now)
