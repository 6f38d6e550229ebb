"""Hits become messages, reminders and tasks, each once."""

from pathlib import Path
from typing import Any

import pytest

from advisory.dispatch import services as dispatch
from advisory.dispatch.library import publish_texts
from advisory.dispatch.models import RoutingDecision
from advisory.inbox.models import Message, MessageTemplate
from advisory.taskqueue.models import Task
from clients.behaviour.models import BusinessFact
from clients.register.models import Consent, ContactHold, Touch
from kpm.strategies import services
from kpm.strategies.models import Assignment, Hit, Stage, Strategy
from tests import factories as make
from tests.kpm.strategies import branch as story

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample(settings: Any, tmp_path: Path) -> story.Sample:
    settings.LAKE_DIR = tmp_path
    sample = story.build()
    publish_texts(entries=story.entries(), now=make.NOW)
    strategy = Strategy.objects.get(code="GRW-TRD-001")
    Assignment.objects.create(strategy=strategy, client=sample.quiet, arm="treated", bucket=9999, assigned_on=story.DAY)
    services.run_slot(day=story.DAY, now=story.features())
    return sample


def written() -> list[int]:
    return [model.objects.count() for model in (Message, Task, Touch, BusinessFact)]


def test_three_hits_become_a_message_a_task_and_a_reminder(sample: story.Sample) -> None:
    counts = dispatch.deliver_pending(now=make.NOW)

    assert counts == {"message": 1, "reminder": 1, "task": 1}
    assert set(Hit.objects.values_list("stage", flat=True)) == {Stage.DELIVERED}


def test_the_message_says_what_and_why(sample: story.Sample) -> None:
    dispatch.deliver_pending(now=make.NOW)

    message = Message.objects.get()
    assert message.client == sample.moved
    assert message.title == "持仓股大幅波动"
    assert message.body.startswith("您的第一大持仓贵州茅台今日涨跌幅8%，")
    assert message.body.endswith("本信息仅供参考，不构成投资建议。市场有风险，投资需谨慎。")
    assert "45%" in message.why
    assert "45%" in message.why_en
    assert Touch.objects.filter(client=sample.moved, channel="inbox").count() == 1
    assert BusinessFact.objects.filter(kind="message_delivered").count() == 1


def test_the_task_goes_to_the_licensed_adviser_with_its_playbook(sample: story.Sample) -> None:
    dispatch.deliver_pending(now=make.NOW)

    task = Task.objects.get(kind=Task.Kind.TASK)
    assert (task.client, task.assignee) == (sample.concentrated, sample.adviser)
    assert task.playbook_version.steps.count() == 5
    assert RoutingDecision.objects.get(task=task).reasons == ["least loaded licensed adviser of the branch"]


def test_the_reminder_goes_to_the_manager_without_playbook_or_deadline(sample: story.Sample) -> None:
    dispatch.deliver_pending(now=make.NOW)

    reminder = Task.objects.get(kind=Task.Kind.REMINDER)
    assert (reminder.client, reminder.assignee) == (sample.quiet, sample.manager)
    assert (reminder.playbook_version, reminder.due_at) == (None, None)


def test_delivering_again_changes_nothing(sample: story.Sample) -> None:
    dispatch.deliver_pending(now=make.NOW)
    before = written()

    again = dispatch.deliver_pending(now=make.NOW)

    assert again == {}
    assert written() == before


def test_a_consent_withdrawn_since_stops_the_delivery(sample: story.Sample) -> None:
    Consent.objects.create(
        client=sample.quiet, purpose="marketing", version="1", given=False, channel="app", at=make.NOW
    )

    counts = dispatch.deliver_pending(now=make.NOW)

    assert counts == {"message": 1, "late_consent": 1, "task": 1}
    assert not Task.objects.filter(kind=Task.Kind.REMINDER).exists()
    assert Hit.objects.get(client=sample.quiet).used_on is None


def test_a_complaint_since_stops_marketing_and_not_risk(sample: story.Sample) -> None:
    for person in (sample.quiet, sample.moved):
        ContactHold.objects.create(client=person, kind="complaint")

    counts = dispatch.deliver_pending(now=make.NOW)

    assert counts == {"message": 1, "late_consent": 1, "task": 1}


def test_one_hit_that_cannot_be_delivered_leaves_the_others_alone(sample: story.Sample) -> None:
    MessageTemplate.objects.update(active=False)

    counts = dispatch.deliver_pending(now=make.NOW)

    assert counts == {"failed": 1, "reminder": 1, "task": 1}
    assert Hit.objects.get(client=sample.moved).stopped_by == "failed"


def test_the_evidence_line_keeps_the_author_s_order_and_names_a_range_once(sample: story.Sample) -> None:
    dispatch.deliver_pending(now=make.NOW)

    task = Task.objects.get(kind=Task.Kind.TASK)
    reminder = Task.objects.get(kind=Task.Kind.REMINDER)
    assert task.why == "第一大持仓占比：90%，不低于 70%；持仓市值：450,000 元，不低于 200,000 元"
    assert reminder.why_en == (
        "Days since first trade: 17; Days with trades, last 30 days: 1 trading day, at most 1 trading day; "
        "Cash ratio: 95.24%, at least 80%; Share of visits at night, last 90 days (0% when unknown): 0%, below 50%"
    )
