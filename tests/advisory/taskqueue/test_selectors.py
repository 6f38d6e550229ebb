"""The tabs of the queue, always within what the person may see."""

from datetime import timedelta

import pytest

from advisory.taskqueue import selectors
from advisory.taskqueue import services as taskqueue
from advisory.taskqueue.models import Task
from clients.org.models import Role
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_each_tab_holds_what_belongs_to_it_most_urgent_first() -> None:
    alice = factories.staff("Alice", at=factories.branch("A"))
    bob = factories.client("Bob", manager=alice)
    charlie = factories.client("Charlie", at=factories.branch("B"))
    low = factories.task(bob, assignee=alice, rank=1)
    high = factories.task(bob, assignee=alice, rank=2)
    sooner = factories.task(bob, assignee=alice, rank=2, due_at=NOW + HOUR)
    waiting = factories.task(charlie, pool="client_manager:A")
    reminder = factories.task(bob, assignee=alice, kind=Task.Kind.REMINDER, valid_until=NOW + HOUR)
    factories.task(bob, assignee=alice, kind=Task.Kind.REMINDER, valid_until=NOW)
    factories.task(charlie, pool="client_manager:B")
    factories.task(bob, assignee=alice, state="cancelled", close_code="need_gone")

    tabs = {tab: list(selectors.queue(alice.user, tab, NOW)) for tab in ("mine", "pool", "reminders", "done", "all")}

    assert tabs == {
        "mine": [sooner, high, low],
        "pool": [waiting],
        "reminders": [reminder],
        "done": [],
        "all": [sooner, high, low, waiting],
    }


@pytest.mark.parametrize(("ago", "shown"), [(timedelta(hours=9), True), (timedelta(hours=11), False)])
def test_done_today_is_a_day_in_shanghai_and_counts_once(ago: timedelta, shown: bool) -> None:
    """NOW is ten in the morning there."""
    alice = factories.staff("Alice")
    task = factories.task(factories.client("Bob", manager=alice), assignee=alice)
    taskqueue.claim(task=task, by=alice, now=NOW - ago)
    taskqueue.finish(task=task, by=alice, fence=1, contact="busy", idem_key="k", now=NOW - ago)

    assert list(selectors.queue(alice.user, "done", NOW)) == ([task] if shown else [])


def test_a_task_is_found_by_whom_it_concerns_alone() -> None:
    alice = factories.staff("Alice")
    charlie = factories.staff("Charlie", at=alice.branch)
    task = factories.task(factories.client("Bob", manager=alice), assignee=alice)

    assert selectors.task_for(alice.user, task.uid, NOW) == task
    for stranger in (charlie, factories.staff("Dave", roles=(Role.ADMINISTRATOR,))):
        with pytest.raises(Task.DoesNotExist):
            selectors.task_for(stranger.user, task.uid, NOW)


@pytest.mark.parametrize(
    ("due", "said"),
    [(None, ""), (NOW - timedelta(seconds=1), "overdue"), (NOW, "soon"), (NOW + 2 * HOUR, "later")],
)
def test_how_soon_a_task_is_due(due: object, said: str) -> None:
    assert selectors.due_soon(Task(due_at=due), NOW) == said


def test_the_answers_come_in_their_order_by_kind() -> None:
    rows = selectors.dispositions()

    assert {kind: len(found) for kind, found in rows.items()} == {"contact": 7, "response": 7, "verdict": 8}
    assert [row.code for row in rows["verdict"]][:3] == ["right", "wrong_data", "wrong_rule"]


def test_a_task_that_is_done_is_not_overdue() -> None:
    task = Task(due_at=NOW - HOUR, state=Task.State.DONE)

    assert selectors.due_soon(task, NOW) == ""
