"""What happens now reaches a person at once, by the real beat and worker: a locked account, and a wish to close one."""

import json
from pathlib import Path
from typing import Any

import pytest
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from advisory.dispatch.library import publish_texts
from advisory.inbox.models import Message
from advisory.taskqueue.models import Task
from clients.behaviour import services as behaviour
from clients.shared import clock
from kpm.strategies import services
from kpm.strategies.services.library import read_library
from tests import factories as make
from tests.clients.portrait.screen import Event, happen
from tests.clients.portrait.world import DAY, now, run
from tests.journeys.processes import running, until
from tests.journeys.test_worker import BEAT, WORKER

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("worker")]
LOCKED, CLOSING = "GRW-ACC-005", "RET-ACC-001"


@pytest.fixture(autouse=True)
def lake(settings: Any, tmp_path: Path) -> None:
    settings.LAKE_DIR = tmp_path / "lake"
    settings.LAKE_DIR.mkdir()


def every_second(*tasks: str) -> None:
    often, _ = IntervalSchedule.objects.get_or_create(every=1, period=IntervalSchedule.SECONDS)
    for task in tasks:
        PeriodicTask.objects.create(name=f"now and again {task}", task=task, interval=often, args=json.dumps([""]))


def test_a_locked_account_and_a_closing_application_reach_their_people(tmp_path: Path) -> None:
    alice = make.staff("Alice")
    bob, charlie = (make.client(name, manager=alice) for name in ("Bob", "Charlie"))
    for one in (bob, charlie):
        make.fund_account(one)
    entries = read_library(codes=(LOCKED, CLOSING))
    services.load_library(entries=entries, now=make.NOW)
    publish_texts(entries=entries, now=make.NOW)
    happen(Event(charlie, "signed_in"))
    run()
    every_second("strategies.run_event", "dispatch.deliver")
    log, moment = tmp_path / "log", now()

    happen(Event(bob, "sign_in_locked", (DAY - clock.shanghai_day(moment)).days, 0), arrived_at=moment)
    behaviour.record(
        kind="application_submitted", idem_key="A-1", at=moment, client_id=charlie.pk, object_id="A-1",
        properties={"service": "acct.close"},
    )  # fmt: skip
    with running(log, *BEAT), running(log, *WORKER):
        message = until(lambda: Message.objects.filter(client=bob).first(), log)
        task = until(lambda: Task.objects.filter(client=charlie).first(), log)

    assert message.strategy_code == LOCKED
    assert (task.strategy_code, task.assignee) == (CLOSING, alice)
