"""The base rate of a back-test: what the clients it would have hit did anyway, beside others of the same day."""

from pathlib import Path
from typing import Any

import pytest

from kpm.outcomes.services import write_base_rate
from kpm.strategies.models import BackTest, StrategyVersion
from tests import factories as make
from tests.clients.portrait.screen import Event, happen
from tests.kpm.outcomes.world import CLOSED, SERVED, now, settle, version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lake(settings: Any, tmp_path: Path) -> None:
    settings.LAKE_DIR = tmp_path


def made(of: StrategyVersion, sample: list[list[Any]]) -> dict[str, Any]:
    """What is said of the goal of a back-test with this sample."""
    test = BackTest.objects.create(
        version=of, asked_at=now(), from_day=SERVED, to_day=CLOSED, said={"goal": of.goal}, sample=sample
    )
    write_base_rate(test=test, now=now())
    test.refresh_from_db()
    assert test.goal is not None
    return test.goal


def test_hits_and_others_are_counted_from_the_day_on_and_open_windows_are_not() -> None:
    bob, ben, carl, cid = (make.client(name) for name in ("Bob", "Ben", "Carl", "Cid"))
    happen(Event(bob, "signed_in", back=2), Event(carl, "signed_in", back=4), Event(cid, "signed_in", back=2))
    settle(CLOSED)
    of = version("A", goal="since_hit_login_cnt >= 1", goal_window=3)
    sample = [[f"{SERVED}", bob.pk, 1], [f"{SERVED}", ben.pk, 1], [f"{SERVED}", carl.pk, 0], [f"{CLOSED}", cid.pk, 1]]

    found = made(of, sample)

    assert (found["window"], found["open"]) == (3, 1)
    assert found["hits"] == {"n": 2, "reached": 1, "rate": 0.5, "bounds": [0.0945, 0.9055]}
    assert found["others"] == {"n": 1, "reached": 0, "rate": 0.0, "bounds": [0.0, 0.7935]}


def test_a_version_without_a_goal_says_so() -> None:
    assert made(version("A"), [[f"{SERVED}", 1, 1]]) == {"reason": "no_goal"}
