"""Finishing a task: the result, the touch, the feedback to the strategy and the fact for the features, as one."""

from datetime import datetime
from typing import Any

from django.db import transaction

from advisory.taskqueue.models import Disposition, Task, TaskResult
from advisory.taskqueue.services.answers import Answers, check
from advisory.taskqueue.services.transitions import Conflict, step
from clients.behaviour import services as behaviour
from clients.org.models import Staff
from clients.register.models import Touch
from kpm.strategies import services as strategies


@transaction.atomic
def finish(
    *,
    task: Task,
    by: Staff,
    fence: int,
    contact: str,
    idem_key: str,
    now: datetime,
    response: str = "",
    verdict: str = "",
    note: str = "",
    values: dict[str, Any] | None = None,
) -> TaskResult:
    """This will close a task with its three answers. The same `idem_key` again for this task returns the first result.

    Only the present worker, or the last one if nobody took it since his lease lapsed, with the fence he saw; others
    get Conflict. AnswersMissing names every open answer. Nothing is written unless everything is.
    """
    task = Task.objects.select_for_update(of=("self",)).select_related("playbook_version", "worker").get(pk=task.pk)
    # Asked under the lock: of a double click the second call finds what the first one wrote.
    if done := TaskResult.objects.filter(task=task, staff=by, idem_key=idem_key).first():
        return done
    answers = Answers(contact, response, verdict, note, values or {})
    late = task.state == Task.State.OPEN
    holder = task.last_worker_id if late else task.worker_id
    if task.state not in (Task.State.WORKING, Task.State.OPEN) or holder != by.pk or task.fence != fence:
        raise Conflict(task)
    kind = check(task, answers)
    step(
        task=task, to=Task.State.DONE, by=by.staff_no, now=now, reason="late" if late else "",
        expect={"fence": fence}, worker=None, slot=None, lease_until=None, closed_at=now, close_code=contact,
    )  # fmt: skip
    return _write(task, by, answers, kind, late, idem_key, now)


def _write(
    task: Task, by: Staff, answers: Answers, kind: Disposition, late: bool, idem_key: str, now: datetime
) -> TaskResult:
    result = TaskResult.objects.create(
        task=task, branch_id=task.branch_id, staff=by, contact=answers.contact, response=answers.response,
        verdict=answers.verdict, note=answers.note, values=answers.values, fence=task.fence, late=late, at=now,
        idem_key=idem_key,
    )  # fmt: skip
    Touch.objects.create(
        client_id=task.client_id, branch_id=task.branch_id, channel=Touch.Channel.PHONE, purpose=task.purpose,
        started_at=now, staff=by, provider_ref=f"task_result:{result.pk}", task_uid=task.uid, reached=kind.reached,
    )  # fmt: skip
    behaviour.record(
        kind="task_result", idem_key=f"task_result:{result.pk}", at=now, client_id=task.client_id,
        object_id=str(task.uid), properties={"contact": answers.contact, "response": answers.response},
    )  # fmt: skip
    if task.hit_uid:
        strategies.record_feedback(
            hit_uid=task.hit_uid, contact=answers.contact, response=answers.response, verdict=answers.verdict,
            staff=by, idem_key=f"task_result:{result.pk}", now=now,
        )  # fmt: skip
    return result
