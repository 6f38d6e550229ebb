"""Publishing the texts of a process; the same text twice is one."""

from dataclasses import replace

import pytest

from advisory.taskqueue import services as taskqueue
from advisory.taskqueue.models import Playbook, PlaybookVersion, Task
from kpm.strategies.models import DeliveryOption
from tests import factories

pytestmark = pytest.mark.django_db
STEPS = [{"kind": "script", "text": "报姓名与工号", "required": True}, {"kind": "ask", "text": "问近况"}]


def publish(steps: list[dict[str, object]] = STEPS, name: str = "集中度") -> PlaybookVersion:
    named = {"code": "MAT-TRD-019", "name_zh": name, "name_en": "Concentration"}
    return taskqueue.load_playbook(**named, steps=steps, now=factories.NOW)


def test_a_text_is_published_in_order_and_offered_to_strategies() -> None:
    version = publish()

    assert (version.number, version.state) == (1, "published")
    assert list(version.steps.values_list("order", "kind", "text", "required")) == [
        (1, "script", "报姓名与工号", True),
        (2, "ask", "问近况", False),
    ]
    assert list(DeliveryOption.objects.values_list("kind", "code", "version", "active")) == [
        ("playbook", "MAT-TRD-019", 1, True)
    ]


def test_the_same_text_again_changes_nothing_but_the_name() -> None:
    first = publish()

    again = publish(name="持仓集中度")

    assert again == first
    assert PlaybookVersion.objects.count() == 1
    assert Playbook.objects.get().name_zh == "持仓集中度"


def test_another_text_becomes_the_next_version_and_open_tasks_keep_theirs() -> None:
    first = publish()
    bob = factories.client("Bob")
    draft = taskqueue.Draft(
        client=bob, kind="task", occurrence="1", strategy_code="MAT-TRD-019", by="test", playbook_code="MAT-TRD-019",
        fields={"purpose": "risk"},
    )  # fmt: skip
    [(task, _created)] = taskqueue.create_tasks(drafts=[draft], now=factories.NOW)

    second = publish([*STEPS, {"kind": "check", "text": "登记"}])

    first.refresh_from_db()
    task.refresh_from_db()
    assert (first.state, second.state, second.number) == ("obsolete", "published", 2)
    assert task.playbook_version == first
    assert first.steps.count() == 2
    assert DeliveryOption.objects.get().version == 2


def test_a_task_is_made_once_per_strategy_client_and_occurrence() -> None:
    bob = factories.client("Bob")
    given = {"client": bob, "kind": "task", "strategy_code": "S", "by": "strategy:S"}
    drafts = [
        taskqueue.Draft(occurrence=occurrence, fields={"purpose": purpose}, **given)
        for occurrence, purpose in (("1", "risk"), ("1", "service"), ("2", "risk"))
    ]

    [(first, made)] = taskqueue.create_tasks(drafts=drafts[:1], now=factories.NOW)
    again, other = taskqueue.create_tasks(drafts=drafts[1:], now=factories.NOW)

    assert (made, again, again[0].purpose, other[1]) == (True, (first, False), "risk", True)
    assert other[0] != first
    assert (first.state, first.branch_id, first.playbook_version) == ("open", bob.branch_id, None)
    assert [(event.to_state, event.by) for event in first.events.all()] == [("open", "strategy:S")]


def test_drafts_of_the_same_task_in_one_call_make_one() -> None:
    draft = taskqueue.Draft(
        client=factories.client("Bob"), kind="task", occurrence="1", strategy_code="S", by="strategy:S",
        fields={"purpose": "risk"},
    )  # fmt: skip
    twin = replace(draft, fields={"purpose": "service"})

    (first, made), (again, made_again) = taskqueue.create_tasks(drafts=[draft, twin], now=factories.NOW)

    assert (made, made_again, again, first.purpose) == (True, False, first, "risk")
    assert Task.objects.count() == 1
