"""The second answer of a preview: how many would win, and whose work it would be."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from clients.market.calendar import calendar
from clients.org.models import Staff
from kpm.strategies.estimating import Estimate, estimate
from kpm.strategies.models import CapacityBudget, Run, StrategyVersion
from kpm.strategies.services.gatecolumns import write_gates
from kpm.strategies.sharing import Share
from kpm.strategies.studio import coarse
from tests.factories import DAY, NOW
from tests.kpm.strategies import gateworld

pytestmark = pytest.mark.django_db
RISK_TASK = 6  # of gateworld.KINDS: no gate but the account's, work of client managers


@pytest.fixture
def versions(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[StrategyVersion]:
    """Forty clients of two managers, their gates, and a night that found nobody."""
    settings.LAKE_DIR = tmp_path
    gateworld.clients(Random(1))
    gateworld.features(monkeypatch)
    write_gates(day=DAY, now=NOW)
    found = gateworld.versions()
    Run.objects.create(day=DAY, slot="after_settlement", cutoff=NOW, started_at=NOW, state="published")
    return found


def capacity(**slots: int) -> None:
    """Slots of people by name, on the day on which the work would be done."""
    for name, n in slots.items():
        pool = f"staff:{Staff.objects.get(name=name).pk}"
        CapacityBudget.objects.create(day=calendar().shift(DAY, 1), pool=pool, capacity=n)


def estimated(version: StrategyVersion) -> Estimate:
    found = estimate(version, DAY)
    assert found is not None
    return found


def test_tasks_are_told_by_team_and_by_person_against_what_each_can_take(versions: list[StrategyVersion]) -> None:
    version = versions[RISK_TASK]
    version.purpose, version.cooldown_n = "service", 0
    free = estimated(version)
    capacity(Alice=2, Dora=100)

    found = estimated(version)

    hits = {one.name: one.hits for one in free.people}
    assert sum(hits.values()) == free.left == sum(one.hits for one in free.pools) == free.wins
    assert {one.name: (one.hits, one.room, one.wins) for one in found.people} == {
        "Alice": (hits["Alice"], 2, 2), "Dora": (hits["Dora"], 100, hits["Dora"]),
    }  # fmt: skip
    assert found.wins == 2 + hits["Dora"] == found.left - found.no_capacity
    assert min(hits.values()) > 2


def test_who_is_never_dropped_takes_no_notice_of_capacity(versions: list[StrategyVersion]) -> None:
    capacity(Alice=0, Dora=0)

    found = estimated(versions[RISK_TASK])

    assert found.no_capacity == 0
    assert {one.room for one in found.people} == {None}


def test_messages_are_nobody_s_work(versions: list[StrategyVersion]) -> None:
    found = estimated(versions[0])

    assert (found.pools, found.people) == ((), ())
    assert found.wins + found.held_out == found.left - found.lost


def test_people_of_a_branch_read_the_shares_of_people_in_fives(versions: list[StrategyVersion]) -> None:
    found = estimated(versions[RISK_TASK])

    rounded = coarse.estimate(found)

    assert {one.hits % 5 for one in rounded.people} == {one.wins % 5 for one in rounded.people} == {0}
    assert [type(one) for one in rounded.people] == [Share, Share]
