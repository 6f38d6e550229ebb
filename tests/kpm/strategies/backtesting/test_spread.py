"""How much what a version matches moves from day to day, over the days that are stored."""

from pathlib import Path
from typing import Any

import pytest

from kpm.strategies.backtesting import spread
from tests.kpm.strategies import rounds
from tests.kpm.strategies.backtesting.stored import days, store

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lake(settings: Any, tmp_path: Path) -> None:
    settings.LAKE_DIR = tmp_path


def clients(*ratios: float) -> list[dict[str, Any]]:
    return [{"client_id": number, "branch_id": 1, "cash_ratio": ratio} for number, ratio in enumerate(ratios)]


def test_mean_and_deviation_of_the_last_days() -> None:
    version = rounds.version("IDLE", condition="cash_ratio > 0.5")
    early, first, second, third = days(4)
    for day, matched in ((early, 9), (first, 1), (second, 3), (third, 2)):
        store(day, clients(*[0.9] * matched, 0.1))

    found = spread(version, until=third, days=3)

    assert found == (2.0, 1.0, 3)


def test_a_blind_day_does_not_count_and_one_day_has_no_deviation() -> None:
    version = rounds.version("IDLE", condition="cash_ratio > 0.5")
    first, second = days(2)
    store(first, clients(0.9))
    store(second, clients(0.9), stale=["cash_ratio"])

    assert spread(version, until=second) is None


def test_later_days_are_not_looked_at() -> None:
    version = rounds.version("IDLE", condition="cash_ratio > 0.5")
    first, second, third = days(3)
    for day, matched in ((first, 2), (second, 4), (third, 90)):
        store(day, clients(*[0.9] * matched))

    found = spread(version, until=second)

    assert found is not None
    assert (found.mean, found.days) == (3.0, 2)
