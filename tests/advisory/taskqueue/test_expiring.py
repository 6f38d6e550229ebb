"""What nobody began in its time is closed by the clock; what somebody works on is left to him."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from advisory.taskqueue import services as taskqueue
from advisory.taskqueue.models import Task, TaskEvent
from tests import factories
from tests.advisory.taskqueue.people import desk, fresh, written

pytestmark = pytest.mark.django_db
PAST, AHEAD = factories.NOW - timedelta(seconds=1), factories.NOW


def test_a_task_whose_time_has_passed_ends_unworked() -> None:
    of = desk(valid_until=PAST)

    count = taskqueue.expire(now=factories.NOW)

    task = fresh(of.task)
    assert (count, task.state, task.close_code, task.closed_at, task.version) == (1, "expired", "expired", AHEAD, 1)
    [event] = TaskEvent.objects.filter(task=task, to_state="expired")
    assert (event.from_state, event.by, event.at) == ("open", "system:clock", factories.NOW)
    assert taskqueue.expire(now=factories.NOW) == 0


@pytest.mark.parametrize("until", [None, AHEAD])
def test_what_is_still_worth_doing_stays(until: object) -> None:
    of = desk(valid_until=until)
    before = written()

    count = taskqueue.expire(now=factories.NOW)

    assert (count, fresh(of.task).state, written()) == (0, "open", before)


def test_what_somebody_works_on_is_left_to_him() -> None:
    of = desk(valid_until=factories.NOW + timedelta(minutes=5))
    taskqueue.claim(task=of.task, by=of.alice, now=factories.NOW)

    count = taskqueue.expire(now=factories.NOW + timedelta(minutes=10))

    assert (count, fresh(of.task).state, fresh(of.task).worker) == (0, "working", of.alice)


def test_a_reminder_that_came_too_late_goes_too() -> None:
    of = desk(valid_until=PAST, kind=Task.Kind.REMINDER)

    assert taskqueue.expire(now=factories.NOW) == 1
    assert fresh(of.task).state == "expired"


def test_many_cost_as_many_statements_as_one() -> None:
    of, seen = desk(valid_until=PAST), []
    for more in (0, 7):
        for number in range(more):
            factories.task(of.bob, assignee=of.alice, valid_until=PAST, occurrence=f"more {number}")
        with CaptureQueriesContext(connection) as captured:
            taskqueue.expire(now=factories.NOW)
        seen.append(len(captured))

    assert seen[0] == seen[1]
    assert Task.objects.filter(state="expired").count() == 8
