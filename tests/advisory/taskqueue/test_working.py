"""Claiming a task, giving it back, and what happens to a lease that runs out."""

from datetime import timedelta

import pytest

from advisory.taskqueue import services as taskqueue
from advisory.taskqueue.models import Task, TaskEvent
from advisory.taskqueue.services.working import GRANT_AFTER_CLAIM, LEASE
from clients.register.models import ClientGrant
from clients.shared.models import Channel
from tests import factories
from tests.advisory.taskqueue.people import desk, fresh, written
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + LEASE + timedelta(seconds=1)


def test_a_claim_gives_a_lease_a_seat_and_the_client_for_a_day() -> None:
    here = desk()

    task = taskqueue.claim(task=here.task, by=here.alice, now=NOW)

    assert (task.state, task.worker, task.last_worker, task.slot) == ("working", here.alice, here.alice, 1)
    assert (task.lease_until, task.fence, task.version) == (NOW + LEASE, 1, 1)
    event = TaskEvent.objects.get(task=task)
    assert (event.from_state, event.to_state, event.by, event.at) == ("open", "working", here.alice.staff_no, NOW)
    grant = ClientGrant.objects.get()
    assert (grant.client, grant.staff, grant.expires_at) == (here.bob, here.alice, NOW + GRANT_AFTER_CLAIM)


def test_claiming_what_one_holds_already_changes_nothing() -> None:
    here = desk()
    first = taskqueue.claim(task=here.task, by=here.alice, now=NOW)
    before = written()

    again = taskqueue.claim(task=here.task, by=here.alice, now=NOW + timedelta(minutes=1))

    assert (again.fence, again.lease_until, again.slot) == (first.fence, first.lease_until, first.slot)
    assert written() == before


def test_what_a_colleague_works_on_cannot_be_claimed() -> None:
    here = desk()
    taskqueue.claim(task=here.task, by=here.dave, now=NOW)
    before = written()

    with pytest.raises(taskqueue.CannotClaim) as refused:
        taskqueue.claim(task=here.task, by=here.alice, now=NOW)

    assert (refused.value.reason, refused.value.holder) == ("taken", here.dave)
    assert fresh(here.task).worker == here.dave
    assert written() == before


def test_two_people_do_not_work_one_client() -> None:
    here = desk()
    other = factories.task(here.bob)
    taskqueue.claim(task=other, by=here.dave, now=NOW)

    with pytest.raises(taskqueue.CannotClaim) as refused:
        taskqueue.claim(task=here.task, by=here.alice, now=NOW)

    assert (refused.value.reason, refused.value.holder) == ("busy", here.dave)
    assert fresh(here.task).state == "open"


def test_nobody_works_more_tasks_than_he_has_seats() -> None:
    here = desk()
    others = [factories.task(factories.client(manager=here.alice)) for _ in range(2)]
    slots = [taskqueue.claim(task=task, by=here.alice, now=NOW).slot for task in others]

    with pytest.raises(taskqueue.CannotClaim) as refused:
        taskqueue.claim(task=here.task, by=here.alice, now=NOW)

    assert slots == [1, 2]
    assert refused.value.reason == "full"
    assert fresh(here.task).state == "open"


def test_a_closed_task_cannot_be_claimed() -> None:
    here = desk()
    closed = factories.task(here.bob, state=Task.State.CANCELLED, close_code="need_gone")

    with pytest.raises(taskqueue.CannotClaim) as refused:
        taskqueue.claim(task=closed, by=here.alice, now=NOW)

    assert refused.value.reason == "closed"


def test_giving_back_clears_the_desk_and_keeps_the_fence() -> None:
    here = desk()
    task = taskqueue.claim(task=here.task, by=here.alice, now=NOW)

    task = taskqueue.release(task=task, by=here.alice, now=NOW)

    assert (task.state, task.worker, task.slot, task.lease_until) == ("open", None, None, None)
    assert (task.fence, task.last_worker, task.assignee) == (1, here.alice, here.alice)
    assert [event.reason for event in TaskEvent.objects.filter(task=task).order_by("pk")] == ["", "released"]


@pytest.mark.parametrize("who", ["a colleague", "a worker of before"])
def test_only_its_worker_gives_a_task_back(who: str) -> None:
    here = desk()
    old = taskqueue.claim(task=here.task, by=here.alice, now=NOW)
    taskqueue.release(task=old, by=here.alice, now=NOW)
    taken = taskqueue.claim(task=here.task, by=here.dave, now=NOW)
    before = written()

    with pytest.raises(taskqueue.Conflict) as refused:
        taskqueue.release(task=taken if who == "a colleague" else old, by=here.alice, now=NOW)

    assert refused.value.holder == here.dave
    assert refused.value.since == NOW
    assert fresh(here.task).worker == here.dave
    assert written() == before


def test_a_lapsed_lease_goes_back_in_line() -> None:
    here = desk()
    taskqueue.claim(task=here.task, by=here.alice, now=NOW)

    just_not = taskqueue.sweep_lapsed(now=NOW + LEASE)
    number = taskqueue.sweep_lapsed(now=LATER)

    task = fresh(here.task)
    assert (just_not, number) == (0, 1)
    assert (task.state, task.worker, task.last_worker, task.fence) == ("open", None, here.alice, 1)
    assert TaskEvent.objects.filter(task=task).order_by("pk").last().by == "system:lease"  # type: ignore[union-attr]


def test_a_lapsed_task_is_claimable_though_no_clock_ran() -> None:
    here = desk()
    taskqueue.claim(task=here.task, by=here.alice, now=NOW)

    task = taskqueue.claim(task=here.task, by=here.dave, now=LATER)

    assert (task.worker, task.fence) == (here.dave, 2)


@pytest.mark.parametrize(("kind", "by", "seen"), [("reminder", "alice", True), ("reminder", "dave", False),
                                                  ("task", "alice", False)])  # fmt: skip
def test_a_reminder_is_seen_by_the_person_it_is_for(kind: str, by: str, seen: bool) -> None:
    here = desk(kind=kind)

    taskqueue.mark_seen(task=here.task, by=getattr(here, by), now=NOW)
    taskqueue.mark_seen(task=here.task, by=getattr(here, by), now=LATER)

    assert fresh(here.task).seen_at == (NOW if seen else None)


@pytest.mark.django_db(transaction=True)
def test_everybody_who_shows_the_task_is_told() -> None:
    here = desk(pool="client_manager:A")
    Channel.objects.all().delete()

    taskqueue.claim(task=here.task, by=here.dave, now=NOW)

    names = set(Channel.objects.values_list("name", flat=True))
    assert names == {
        "pool:client_manager:A", f"branch:{here.bob.branch_id}:board", f"staff:{here.alice.pk}", f"staff:{here.dave.pk}"
    }  # fmt: skip
