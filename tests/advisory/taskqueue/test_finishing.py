"""Three answers close a task: once, by its holder, whole or not at all."""

from datetime import timedelta
from typing import Any

import pytest

from advisory.taskqueue import services as taskqueue
from advisory.taskqueue.models import Disposition, Task, TaskResult
from advisory.taskqueue.services.working import LEASE
from clients.behaviour.models import BusinessFact
from clients.register.models import Touch
from kpm.strategies.models import Hit, HitFeedback
from tests import factories
from tests.advisory.taskqueue.people import Desk, desk, fresh, written
from tests.clients.org.rows import about
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + LEASE + timedelta(seconds=1)
AGREED = {"contact": "reached", "response": "agreed", "verdict": "right", "values": {"1": True}}


def finish(here: Desk, **changes: Any) -> TaskResult:
    """Alice closes the task with the fence she saw."""
    given = {"task": here.task, "by": here.alice, "fence": 1, "idem_key": "k1", "now": NOW, **AGREED, **changes}
    return taskqueue.finish(**given)  # type: ignore[arg-type]


@pytest.fixture
def here() -> Desk:
    """Alice at work on her task, which came from a hit."""
    found = desk()
    hit = about(found.bob, Hit)
    Task.objects.filter(pk=found.task.pk).update(hit_uid=hit.uid)  # type: ignore[attr-defined]
    taskqueue.claim(task=found.task, by=found.alice, now=NOW)
    return found


def test_a_result_closes_the_task_and_tells_strategy_and_features(here: Desk) -> None:
    result = finish(here, note="calls back on Monday")

    task = fresh(here.task)
    assert (task.state, task.close_code, task.closed_at, task.worker, task.slot) == ("done", "reached", NOW, None, None)
    assert (result.contact, result.response, result.verdict, result.note) == (
        "reached", "agreed", "right", "calls back on Monday",
    )  # fmt: skip
    assert (result.values, result.fence, result.late, result.staff, result.branch_id) == (
        {"1": True}, 1, False, here.alice, here.bob.branch_id,
    )  # fmt: skip
    touch = Touch.objects.get()
    assert (touch.client, touch.channel, touch.reached, touch.task_uid, touch.purpose) == (
        here.bob, "phone", True, task.uid, "risk",
    )  # fmt: skip
    feedback = HitFeedback.objects.get()
    assert (feedback.hit.uid, feedback.response, feedback.verdict, feedback.staff) == (
        task.hit_uid, "agreed", "right", here.alice,
    )  # fmt: skip
    fact = BusinessFact.objects.get()
    assert (fact.kind, fact.client, fact.object_id, fact.properties) == (
        "task_result", here.bob, str(task.uid), {"contact": "reached", "response": "agreed"},
    )  # fmt: skip


def test_the_same_key_again_returns_the_first_result_and_writes_nothing(here: Desk) -> None:
    first = finish(here)
    before = written()

    again = finish(here, response="complaint", note="another text", now=LATER)

    assert again == first
    assert again.response == "agreed"
    assert written() == before


def test_a_key_of_another_task_is_no_answer_to_this_one(here: Desk) -> None:
    finish(here)
    other = factories.task(factories.client(manager=here.alice))

    with pytest.raises(taskqueue.Conflict):
        finish(here, task=other)

    assert fresh(other).state == "open"
    assert TaskResult.objects.count() == 1


def test_not_reached_needs_no_other_answer(here: Desk) -> None:
    result = finish(here, contact="not_answered", response="", verdict="", values={})

    assert (result.contact, result.response, result.verdict) == ("not_answered", "", "")
    assert Touch.objects.get().reached is False


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"contact": ""}, {"contact"}),
        ({"contact": "by pigeon"}, {"contact"}),
        ({"response": ""}, {"response"}),
        ({"response": "right"}, {"response"}),
        ({"verdict": ""}, {"verdict"}),
        ({"values": {}}, {"step_1"}),
        ({"values": {"1": ""}}, {"step_1"}),
        ({"values": {"1": False}}, {"step_1"}),
        ({"response": "", "verdict": "", "values": None}, {"response", "verdict", "step_1"}),
        ({"response": "complaint"}, {"note"}),
        ({"verdict": "wrong_rule", "note": "  "}, {"note"}),
        ({"response": "wants_callback", "verdict": ""}, {"verdict", "note"}),
        ({"contact": "busy", "response": "by pigeon"}, {"response"}),
        ({"contact": "busy", "response": "", "verdict": "by pigeon"}, {"verdict"}),
    ],
)
def test_an_open_answer_is_named_and_nothing_is_written(here: Desk, changes: dict[str, Any], fields: set[str]) -> None:
    before = written()

    with pytest.raises(taskqueue.AnswersMissing) as refused:
        finish(here, **changes)

    assert set(refused.value.fields) == fields
    assert all(refused.value.fields.values())
    assert fresh(here.task).state == "working"
    assert written() == before


def test_zero_is_an_answer(here: Desk) -> None:
    assert finish(here, values={"1": 0}).values == {"1": 0}


def test_every_seeded_contact_that_reaches_asks_for_more() -> None:
    rows = Disposition.objects.filter(kind="contact")

    assert [row.code for row in rows if row.reached] == ["reached"]
    assert rows.count() == 7


@pytest.mark.parametrize("who", ["another person", "an old fence", "nobody's task"])
def test_who_does_not_hold_the_task_cannot_close_it(here: Desk, who: str) -> None:
    before = written()
    changes = {
        "another person": {"by": here.dave},
        "an old fence": {"fence": 0},
        "nobody's task": {"task": factories.task(factories.client(manager=here.alice)), "fence": 0},
    }[who]

    with pytest.raises(taskqueue.Conflict):
        finish(here, **changes)

    assert fresh(here.task).state == "working"
    assert written() == before


def test_a_late_result_counts_while_nobody_took_the_task(here: Desk) -> None:
    taskqueue.sweep_lapsed(now=LATER)

    result = finish(here, now=LATER)

    assert result.late is True
    assert fresh(here.task).state == "done"
    assert here.task.events.order_by("-pk").first().reason == "late"


@pytest.mark.parametrize("still_there", [True, False])
def test_a_late_result_is_refused_once_a_colleague_had_the_task(here: Desk, still_there: bool) -> None:
    taken = taskqueue.claim(task=here.task, by=here.dave, now=LATER)
    if not still_there:
        taskqueue.release(task=taken, by=here.dave, now=LATER)
    before = written()

    with pytest.raises(taskqueue.Conflict) as refused:
        finish(here, now=LATER)

    assert refused.value.holder == (here.dave if still_there else None)
    assert fresh(here.task).state == ("working" if still_there else "open")
    assert written() == before


def test_a_closed_task_is_not_closed_again(here: Desk) -> None:
    finish(here)
    before = written()

    with pytest.raises(taskqueue.Conflict):
        finish(here, idem_key="k2")

    assert written() == before
