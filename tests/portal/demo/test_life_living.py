"""A branch that lives: real imports, real days; killed and started again it goes on, finished it stays."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from advisory.inbox.models import Message
from advisory.taskqueue.models import Task, TaskResult
from clients.intake.models import ImportRun
from clients.ledger.models import Trade
from clients.register.models import Client
from kpm.strategies.models import Hit, Run
from portal.demo import selectors
from portal.demo.life import files, plan
from portal.demo.life.living import Living
from portal.demo.life.plan import Plan
from portal.operations import day as business
from tests.journeys.following import unfollowed

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo that lives")]
NIGHT = "after_settlement"
PLAN = Plan(clients=80, days=3, seed=7, last=date(2026, 11, 20))


def life(folder: Path, run: Any = business.live) -> Living:
    return Living(folder, PLAN, password="a-demo-word", run_day=run)


@pytest.fixture(scope="module")
def folder(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Two of three days lived, the second after a kill between its files and its run; undone after the last test."""
    place = tmp_path_factory.mktemp("branch")
    folders = override_settings(LAKE_DIR=place / "lake", REJECT_DIR=place / "rejects", DEMO_DIR=place / "demo")
    with django_db_blocker.unblock(), folders, transaction.atomic():
        list(life(place / "demo").live(until=1))
        with pytest.raises(KeyboardInterrupt):
            list(life(place / "demo", _killed).live(until=2))
        list(life(place / "demo").live(until=2))
        yield place / "demo"
        transaction.set_rollback(True)


def _killed(_day: date, _now: datetime, **_options: object) -> None:
    raise KeyboardInterrupt


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (Client, Trade, Hit, Message, Task, TaskResult, Run)}


def test_days_are_lived_one_after_the_other(folder: Path) -> None:
    first, second, _third = PLAN.lived()

    assert plan.progress(folder) == plan.Progress(2, 3, second)
    runs = Run.objects.filter(state="published").order_by("day", "pk").values_list("day", "slot")
    assert list(runs) == [(first, NIGHT), (second, "pre_open_0830"), (second, "daily_0900"), (second, NIGHT)]
    assert Hit.objects.filter(delivered_at__isnull=False).exists()
    assert not ImportRun.objects.exclude(rejected=0).exists()


def test_a_day_that_was_killed_is_lived_once(folder: Path) -> None:
    second = PLAN.lived()[1]

    trades = Trade.objects.filter(day=second).count()

    [(_kind, file)] = [row for row in files.written(folder, second) if row[0] == "trades"]
    assert trades == len(file.read_text().splitlines()) - 1


def test_staff_have_answered_and_the_clock_is_that_of_the_lived_day(folder: Path) -> None:
    results = list(TaskResult.objects.all())

    assert results
    assert {result.at.date() for result in results} == {PLAN.lived()[1]}
    assert {result.contact for result in results} <= {"reached", "not_answered"}


def test_one_fact_can_be_told(folder: Path) -> None:
    tale = selectors.tale()

    assert tale is not None
    assert all(true for _said, true in tale.leaves)
    assert next(row["n"] for row in tale.path) >= 1
    assert tale.task.hit_uid == tale.hit.uid
    assert tale.answers


def test_every_hit_leads_back_to_its_facts_and_forward_to_its_outcome(folder: Path) -> None:
    assert Hit.objects.count() > 20
    assert unfollowed(PLAN.lived()[1]) == []


def test_a_call_for_what_is_lived_already_changes_nothing(folder: Path) -> None:
    before = counts()

    assert list(life(folder).live(until=2)) == []

    assert counts() == before
