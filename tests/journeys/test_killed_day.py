"""A day killed anywhere and run again by another process ends like one that was never killed."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections

from advisory.dispatch.library import publish_texts
from kpm.strategies.models import Assignment, RolloutStep, Strategy, VersionEvent
from tests.factories import NOW
from tests.journeys.killing.points import OFTEN, POINTS, SELDOM, Point
from tests.kpm.outcomes.world import hit
from tests.kpm.strategies import branch as story
from tests.kpm.strategies.rounds import version

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("killed day")]  # one fixture, one worker
TWIN = "twin"


@pytest.fixture(scope="module")
def days(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """What each killed day left, by the name of its point; one point of each step."""
    with django_db_blocker.unblock():
        yield _killed(OFTEN, tmp_path_factory.mktemp("killed"))


@pytest.fixture(scope="module")
def more_days(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The same for the other points."""
    with django_db_blocker.unblock():
        yield _killed(SELDOM, tmp_path_factory.mktemp("more killed"))


@pytest.mark.parametrize("point", OFTEN, ids=lambda point: point.name)
def test_a_killed_day_ends_like_its_twin(days: Any, point: Point) -> None:
    killed, twin = days[point.name], days[TWIN]

    assert killed == twin


@pytest.mark.slow
@pytest.mark.timeout(90 * len(SELDOM))  # the first of them waits for all days
@pytest.mark.parametrize("point", SELDOM, ids=lambda point: point.name)
def test_a_day_killed_elsewhere_ends_like_its_twin_too(more_days: Any, point: Point) -> None:
    killed, twin = more_days[point.name], more_days[TWIN]

    assert killed == twin


def test_every_step_is_killed_in_every_run() -> None:
    assert {point.step for point in OFTEN} == {point.step for point in POINTS}


def test_the_twin_did_something(days: Any) -> None:
    twin = days[TWIN]

    assert {name: len(rows) for name, rows in twin.items()} == {
        "hits": 4, "messages": 1, "tasks": 2, "touches": 1, "facts": 3, "funnel": 31, "runs": 2, "outcomes": 1,
        "effects": 4, "rates": 2, "rollouts": 3, "life": 2,
    }  # fmt: skip


def _killed(points: list[Point], folder: Path) -> Any:
    """All days in one process that forks."""
    (folder / "lake").mkdir()
    source, base = connection.settings_dict["NAME"], f"killed_{os.getpid()}_{len(points)}"
    names = [TWIN, *(point.name for point in points)]
    _copy(source, base)
    _fill(base)
    _use(source)
    return _harness(base, folder, names)


def _harness(base: str, folder: Path, names: list[str]) -> Any:
    url = f"{os.environ['DATABASE_URL']}"
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.killing.harness", base, str(folder), *names],
        env=os.environ | {"DATABASE_URL": url}, capture_output=True, text=True, check=False,
        timeout=90 * len(names),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def _copy(source: str, target: str) -> None:
    _use("postgres")
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


def _fill(base: str) -> None:
    """Four clients with known features, the strategies and their texts, committed."""
    _use(base)
    sample = story.build()
    publish_texts(entries=story.entries(), now=NOW)
    Assignment.objects.create(
        strategy=Strategy.objects.get(code="GRW-TRD-001"), client=sample.quiet, arm="treated", bucket=1,
        assigned_on=story.DAY,
    )  # fmt: skip
    # Served a month ago, so that a window closes on the day that is lived.
    hit(Strategy.objects.get(code=story.TASK).live_version, sample.quiet, used_on=date(2026, 10, 20))
    _pilot(sample.branch.pk)


def _pilot(branch: int) -> None:
    """A version in its pilot that means nobody; the night takes it to its second step of three."""
    of = version("P-1", condition="account_age_days > 100000", features=["account_age_days"])
    VersionEvent.objects.create(version=of, kind=VersionEvent.Kind.LAUNCHED, by=None, at=NOW)
    for order in (1, 2, 3):
        RolloutStep.objects.create(
            version=of, order=order, share=10 * order, min_days=1, min_sample=0, approval=False,
            drawn=[branch] if order == 1 else [], started_on=date(2026, 11, 9) if order == 1 else None,
        )  # fmt: skip
    Strategy.objects.filter(code="P-1").update(status="pilot", pilot_version=of)


def _use(database: str) -> None:
    connections.close_all()
    django_settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = database
