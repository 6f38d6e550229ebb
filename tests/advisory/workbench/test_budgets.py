"""DESK 11: at most twelve queries a page, whoever asks and whatever state the task is in."""

from typing import Any

import pytest
from django.test import Client as Browser

from advisory.taskqueue import services
from advisory.taskqueue.models import Task
from clients.org.models import Role, Staff
from clients.register.models import RiskAssessment
from tests import factories

pytestmark = pytest.mark.django_db
MOST = 12
BACKEND = "clients.org.backends.StaffBackend"
TABS = ("mine", "pool", "done")


def desk(person: Staff) -> Browser:
    """A browser at the desk of this person, which has been there before."""
    browser = Browser()
    browser.force_login(person.user, backend=BACKEND)
    browser.get("/desk/")
    return browser


def work(person: Staff) -> Task:
    """A task of this person about a client with an assessment, beside others and a reminder."""
    version = factories.playbook()
    bob = factories.client("Bob", manager=person, mobile="13800000001")
    RiskAssessment.objects.create(client=bob, level=4, assessed_on="2026-01-05", valid_to="2027-01-04")
    factories.task(bob, assignee=person, kind=Task.Kind.REMINDER)
    for _n in range(3):
        factories.task(factories.client(manager=person), pool="client_manager:A", playbook_version=version)
    return factories.task(bob, assignee=person, playbook_version=version)


@pytest.mark.parametrize("role", Role.values)
def test_the_queue_of_every_role(role: str, time_machine: Any, django_assert_max_num_queries: Any) -> None:
    time_machine.move_to(factories.NOW, tick=False)
    alice = factories.staff("Alice", roles=tuple({role, Role.SUPERVISOR}), at=factories.branch("A"))
    work(alice)
    browser = desk(alice)

    for tab in TABS:
        with django_assert_max_num_queries(MOST):
            assert browser.get(f"/desk/?tab={tab}").status_code == 200


@pytest.mark.parametrize("state", ["open", "working", "done", "of a colleague"])
def test_the_task_in_every_state(state: str, time_machine: Any, django_assert_max_num_queries: Any) -> None:
    time_machine.move_to(factories.NOW, tick=False)
    alice = factories.staff("Alice", roles=(Role.MANAGER, Role.ADVISER, Role.SUPERVISOR))
    task = work(alice)
    browser = desk(alice)
    bring_to(task, state, alice)

    with django_assert_max_num_queries(MOST):
        page = browser.get(f"/desk/t/{task.uid}/")

    assert page.status_code == 200


def test_a_reminder_that_is_seen_for_the_first_time(time_machine: Any, django_assert_max_num_queries: Any) -> None:
    time_machine.move_to(factories.NOW, tick=False)
    alice = factories.staff("Alice")
    work(alice)
    reminder = Task.objects.get(kind=Task.Kind.REMINDER)
    browser = desk(alice)

    with django_assert_max_num_queries(MOST):
        browser.get(f"/desk/t/{reminder.uid}/")

    reminder.refresh_from_db()
    assert reminder.seen_at == factories.NOW


def bring_to(task: Task, state: str, alice: Staff) -> None:
    by = factories.staff("Charlie", at=alice.branch) if state == "of a colleague" else alice
    if state == "open":
        return
    claimed = services.claim(task=task, by=by, now=factories.NOW)
    if state == "done":
        services.finish(
            task=claimed, by=by, fence=claimed.fence, contact="reached", response="agreed", verdict="right",
            values={}, idem_key="k", now=factories.NOW,
        )  # fmt: skip
