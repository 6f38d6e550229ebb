"""`manage.py day`: which days it takes."""

import re
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from advisory.dispatch.library import publish_texts
from clients.lake import daybook
from clients.market.models import DailyBar
from clients.portrait import sqlfiles
from clients.shared import clock
from kpm.strategies.models import Hit, Run
from portal.operations import day as business
from tests import factories as make
from tests.kpm.strategies import branch as story

pytestmark = pytest.mark.django_db
TOMORROW = clock.shanghai_day(clock.now()) + timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-11-21", "is no trading day; the last one before it is 2026-11-20"),
        (TOMORROW.isoformat(), "lies in the future"),
        ("1980-01-02", "covers"),
        ("20 November", "is no date"),
    ],
)
def test_a_day_that_cannot_be_lived_is_refused_and_nothing_changes(day: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("day", day)

    assert not Run.objects.exists()


def test_a_day_stops_when_the_lake_has_lost_what_nobody_can_give_again(tmp_path: Path, settings: Any) -> None:
    settings.LAKE_DIR = tmp_path
    with daybook.opened("events") as book:
        book.days[date(2026, 11, 18)] = daybook.Entry(rows=1204)

    with pytest.raises(CommandError, match=r"(?s)1 published day is lost .* events day=2026-11-18: 1,204 rows"):
        call_command("day", "2026-11-20")

    assert not Run.objects.exists()
    assert not (tmp_path / "features").exists()


def test_a_group_that_fails_and_who_reads_it_are_named_and_the_others_run(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LAKE_DIR = tmp_path
    story.build()
    publish_texts(entries=story.entries(), now=make.NOW)
    sound, said = sqlfiles.group, StringIO()
    monkeypatch.setattr(
        sqlfiles, "group", lambda name: replace(sound(name), text="SELECT x") if name == "trade" else sound(name)
    )

    call_command("day", story.DAY.isoformat(), stdout=said)

    told = [line.strip() for line in said.getvalue().splitlines() if "trade.sql" in line]
    assert len(told) == 2
    assert re.fullmatch(r"features   version [0-9a-f]{16}; trade.sql: Binder Error: Referenced column .*", told[0])
    assert told[1].startswith(f"not judged: {story.REMINDER} v1: ")
    assert {hit.strategy.code for hit in Hit.objects.select_related("strategy")} == {story.TASK, story.MESSAGE}


def test_a_source_that_brought_nothing_is_named_with_who_reads_it_and_the_others_run(
    tmp_path: Path, settings: Any
) -> None:
    settings.LAKE_DIR = tmp_path
    story.build()
    publish_texts(entries=story.entries(), now=make.NOW)
    DailyBar.objects.all().delete()
    story.bar("300002", "10.00", "10.00", story.DAY - timedelta(days=1))
    said = StringIO()

    call_command("day", story.DAY.isoformat(), stdout=said)

    told = [line.strip() for line in said.getvalue().splitlines() if "brought nothing" in line]
    assert [line.split(": ")[1] for line in told if line.startswith("not judged")] == [f"{story.MESSAGE} v1"]
    assert {hit.strategy.code for hit in Hit.objects.select_related("strategy")} == {story.TASK, story.REMINDER}


def test_a_step_that_is_done_elsewhere_is_told_in_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = [business.Step(name, lambda _day, _now: "done here") for name in ("first", "second", "third")]
    monkeypatch.setattr(business, "STEPS", steps)

    said = list(business.live(date(2026, 11, 20), make.NOW, elsewhere=("second",)))

    assert said == [("first", "done here"), ("second", ""), ("third", "done here")]
