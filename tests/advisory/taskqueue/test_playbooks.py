"""Publishing the texts of a process; the same text twice is one."""

import pytest

from advisory.taskqueue import services as taskqueue
from advisory.taskqueue.models import Playbook, PlaybookVersion
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
    task, _created = taskqueue.create_task(
        client=bob, kind="task", occurrence="1", strategy_code="MAT-TRD-019", by="test", now=factories.NOW,
        playbook_code="MAT-TRD-019", purpose="risk",
    )  # fmt: skip

    second = publish([*STEPS, {"kind": "check", "text": "登记"}])

    first.refresh_from_db()
    task.refresh_from_db()
    assert (first.state, second.state, second.number) == ("obsolete", "published", 2)
    assert task.playbook_version == first
    assert first.steps.count() == 2
    assert DeliveryOption.objects.get().version == 2


def test_a_task_is_made_once_per_strategy_client_and_occurrence() -> None:
    bob = factories.client("Bob")
    given = {"client": bob, "kind": "task", "strategy_code": "S", "by": "strategy:S", "now": factories.NOW}

    first, made = taskqueue.create_task(occurrence="1", purpose="risk", **given)
    again, made_again = taskqueue.create_task(occurrence="1", purpose="service", **given)
    other, _made = taskqueue.create_task(occurrence="2", purpose="risk", **given)

    assert (made, made_again, again, again.purpose) == (True, False, first, "risk")
    assert other != first
    assert (first.state, first.branch_id, first.playbook_version) == ("open", bob.branch_id, None)
    assert [(event.to_state, event.by) for event in first.events.all()] == [("open", "strategy:S")]
