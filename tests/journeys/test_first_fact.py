"""The first fact: files go in, a strategy finds a client, a message and a task come out, the adviser finishes it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from advisory.inbox import selectors as inbox
from advisory.taskqueue import selectors as taskqueue
from advisory.taskqueue import services
from advisory.taskqueue.models import Task, TaskResult
from clients.behaviour.models import BusinessFact
from clients.org.models import Staff
from clients.register.models import Client, Touch
from clients.shared import clock
from kpm.strategies import selectors as strategies
from kpm.strategies.models import Hit, HitFeedback
from portal.demo import branch

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("first fact")]  # one fixture, one worker
DAY = date(2026, 11, 20)


@pytest.fixture(scope="module", autouse=True)
def _lived(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The sample branch with its last day lived, all from files; made once, undone after the last test."""
    place = tmp_path_factory.mktemp("branch")
    folders = override_settings(LAKE_DIR=place / "lake", REJECT_DIR=place / "rejects")
    with django_db_blocker.unblock(), folders, transaction.atomic():
        branch.build(folder=place / "files", day=DAY, clients=30, seed=1, password="a-demo-word", now=clock.now())
        call_command("day", str(DAY))
        yield
        transaction.set_rollback(True)


def test_from_files_to_a_result_of_a_task() -> None:
    now = clock.now()
    adviser = Staff.objects.get(staff_no="E0103")

    [task] = taskqueue.queue(adviser.user, "mine", now).filter(strategy_code="MAT-TRD-019")
    claimed = services.claim(task=task, by=adviser, now=now)
    services.finish(
        task=claimed, by=adviser, fence=claimed.fence, contact="reached", response="agreed", verdict="right",
        values={"1": True}, idem_key="first", now=now,
    )  # fmt: skip

    assert task.client.client_no == "C0000001"
    assert TaskResult.objects.get().contact == "reached"
    assert HitFeedback.objects.get().verdict == "right"
    assert Touch.objects.filter(client=task.client, channel="phone", reached=True).count() == 1
    assert BusinessFact.objects.filter(kind="task_result", client=task.client).count() == 1


def test_the_client_whose_share_moved_reads_why() -> None:
    client = Client.objects.get(client_no="C0000002")

    [message] = [m for m in inbox.messages_of(client.user, clock.now()) if m.strategy_code == "MAT-TRD-016"]

    assert "演示电池今日涨跌幅7.99%" in message.body
    assert "7.99%" in message.why
    assert message.data_day == DAY


def test_the_manager_calls_one_and_not_the_one_who_refused() -> None:
    found = Hit.objects.filter(strategy__code="GRW-TRD-001").order_by("client__client_no")
    tasks = Task.objects.filter(strategy_code="GRW-TRD-001").values_list("client__client_no", "assignee__staff_no")

    # Who refused has no hit in the record, only a line in the lake and a number in the funnel; one in ten is held out.
    assert [hit.client.client_no for hit in found] == ["C0000003"]
    assert list(tasks) == ([] if found[0].arm == "held_out" else [("C0000003", "E0101")])
    run = strategies.published_run(DAY, "after_settlement")
    lines = [row for row in strategies.funnel(run) if row["version__strategy__code"] == "GRW-TRD-001"]
    assert [row["n"] for row in lines if row["reason"] == "no_consent"] == [1]


def test_living_the_day_again_changes_nothing() -> None:
    before = _everything()

    call_command("day", str(DAY))

    assert sorted(before ^ _everything())[:5] == []  # a few: pytest would compare thousands of lines for minutes


def _everything() -> set[str]:
    return {
        f"{model.__name__} {row}"
        for label in ("strategies", "inbox", "taskqueue", "dispatch", "behaviour")
        for model in apps.get_app_config(label).get_models()
        for row in model.objects.values_list()
    }
