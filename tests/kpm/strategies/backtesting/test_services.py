"""A back-test from asking to its page: days, new hits, work, overlap, and what came afterwards."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from clients.market.calendar import calendar
from clients.shared.models import Job
from kpm.engine.backtest import NEVER_AGAIN, Turn
from kpm.strategies.backtesting import services, spread
from kpm.strategies.backtesting.figures import figures
from kpm.strategies.backtesting.turns import turns_of
from kpm.strategies.models import BackTest, CapacityBudget, StrategyVersion
from tests import factories as make
from tests.kpm.strategies import rounds
from tests.kpm.strategies.backtesting.stored import days, store

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lake(settings: Any, tmp_path: Path) -> None:
    settings.LAKE_DIR = tmp_path


def version(**fields: Any) -> StrategyVersion:
    known = {"condition": "cash_ratio > 0.5", "cooldown_n": 2, "cooldown_unit": "td"}
    return rounds.version("IDLE", **{**known, **fields})


def made(of: StrategyVersion, number: int) -> BackTest:
    test = services.ask(version=of, days=number, by=None, now=make.NOW)
    return services.perform(test=test, now=make.NOW)


def test_days_new_hits_and_what_cannot_be_told() -> None:
    first, second, _third, fourth = days(4)
    for day, ratios in ((first, (0.9, 0.1)), (second, (0.9, 0.9)), (fourth, (0.9, 0.9))):
        store(day, [{"client_id": at, "branch_id": 1, "cash_ratio": ratio} for at, ratio in enumerate(ratios)])

    test = made(version(), 4)

    assert (test.state, test.from_day, test.to_day) == ("done", first, fourth)
    assert test.result is not None
    assert test.result["days"] == [[f"{first}", 1, 1], [f"{second}", 2, 1], [f"{fourth}", 2, 2]]
    assert test.result["left_out"] == [["no night was run", 1]]
    assert (test.result["clients"], test.result["clients_new"]) == (2, 2)
    assert len(test.input_hash) == 64


def test_the_work_is_counted_by_branch_and_person_against_their_capacity() -> None:
    alice = make.staff("Alice", at=make.branch("HF01", name="Hefei"))
    [day] = days(1)
    CapacityBudget.objects.create(day=day, pool=f"staff:{alice.pk}", capacity=1)
    known = {"branch_id": alice.branch_id, "manager_id": alice.pk, "cash_ratio": 0.9}
    store(day, [{"client_id": at, **known} for at in range(3)])

    test = made(version(), 1)

    assert test.result is not None
    assert test.result["load"] == {
        "branches": [["Hefei", 3, 1]],
        "people": [["Alice", 3, 3, 1, 1]],
        "pools": [["client_manager:HF01", 3, 3, 0, None]],
    }


def test_a_message_makes_no_work_for_people() -> None:
    [day] = days(1)
    store(day, [{"client_id": 1, "branch_id": 1, "manager_id": 1, "cash_ratio": 0.9}])

    test = made(version(action="push", handler="system"), 1)

    assert test.result is not None
    assert (test.result["load"]["people"], test.result["load"]["pools"]) == ([], [])


def test_the_same_question_of_the_same_days_has_the_same_hash() -> None:
    [day] = days(1)
    store(day, [{"client_id": 1, "branch_id": 1, "cash_ratio": 0.9}])
    of = version()

    first, second = made(of, 1), made(of, 1)
    store(day, [{"client_id": 1, "branch_id": 1, "cash_ratio": 0.8}])

    assert first.input_hash == second.input_hash
    assert made(of, 1).input_hash != first.input_hash


def test_an_edited_draft_is_tested_as_it_was_when_it_was_asked_for() -> None:
    [day] = days(1)
    store(day, [{"client_id": 1, "branch_id": 1, "cash_ratio": 0.9}])
    of = version(submitted_at=None)
    test = services.ask(version=of, days=1, by=None, now=make.NOW)
    StrategyVersion.objects.filter(pk=of.pk).update(condition="cash_ratio < 0.5")

    done = services.perform(test=BackTest.objects.get(pk=test.pk), now=make.NOW)

    assert done.result is not None
    assert done.result["days"] == [[f"{day}", 1, 1]]


def test_what_cannot_be_tested_is_refused_and_leaves_nothing() -> None:
    with pytest.raises(services.CannotTest, match="特征"):
        services.ask(version=version(), by=None, now=make.NOW)
    store(days(1)[0], [])
    with pytest.raises(services.CannotTest, match="cash_rato"):
        services.ask(version=rounds.version("TYPO", condition="cash_rato > 1"), by=None, now=make.NOW)

    assert not BackTest.objects.exists()
    assert not Job.objects.exists()


def test_some_hits_of_a_version_with_a_goal_are_followed_up_beside_others_of_their_day() -> None:
    first, second = days(2)
    for day in (first, second):
        rows = [{"client_id": at, "branch_id": 1, "cash_ratio": 0.9 if at < 2 else 0.1} for at in range(6)]
        store(day, [*rows, {"client_id": 9, "branch_id": 2, "cash_ratio": 0.1}])

    test = made(version(cooldown_n=0, goal="since_hit_net_inflow >= 0", goal_window=1), 2)

    hits = [client for day, client, hit in test.sample if hit]
    others = [client for day, client, hit in test.sample if not hit]
    assert sorted(hits) == [0, 1]
    assert len(others) == 2
    assert set(others) <= {2, 3, 4, 5}
    assert Job.objects.filter(name="outcomes.base_rate", argument=str(test.pk)).exists()


NEW_YEAR = [date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 4)]


@pytest.mark.parametrize(
    ("fields", "shut"),
    [
        ({"cooldown_n": 0}, [NEVER_AGAIN] * 3),
        ({"cooldown_n": 0, "occurrence": "trading_day"}, [1, 1, 1]),
        ({"cooldown_n": 5, "occurrence": "trading_day"}, [5, 5, 5]),
        ({"cooldown_n": 0, "occurrence": "year"}, [2, 1]),
    ],
)
def test_how_long_a_client_is_left_alone(fields: dict[str, Any], shut: list[int]) -> None:
    found = turns_of(StrategyVersion(cooldown_unit="td", **fields), NEW_YEAR, calendar())

    assert [turn.shut for turn in found][: len(shut)] == shut
    assert [turn.day for turn in found] == NEW_YEAR


def test_natural_days_are_counted_by_the_calendar() -> None:
    found = turns_of(StrategyVersion(cooldown_n=3, cooldown_unit="day"), NEW_YEAR, calendar())

    assert found == [Turn(day, day.toordinal(), 3) for day in NEW_YEAR]


def test_a_strategy_of_a_branch_is_tested_on_the_clients_of_that_branch() -> None:
    here, elsewhere = make.branch("HF01"), make.branch("HF02")
    first, second = days(2)
    for day in (first, second):
        rows = enumerate([here, here, elsewhere])
        store(day, [{"client_id": at, "branch_id": place.pk, "cash_ratio": 0.9} for at, place in rows])
    own = version(cooldown_n=1)
    own.strategy.steward_branch = here
    own.strategy.save()

    test = made(own, 2)

    assert test.result is not None
    assert [matched for _day, matched, _new in test.result["days"]] == [2, 2]
    assert [row[1] for row in test.result["load"]["branches"]] == [4]
    assert spread(own, until=second) == (2.0, 0.0, 2)


def test_what_the_database_cannot_count_ends_as_failed() -> None:
    [day] = days(1)
    store(day, [{"client_id": 1, "branch_id": 1, "cash_ratio": 0.9, "assets_avg_20td": 1}])

    test = made(version(condition="99999999999999 * assets_avg_20td * 99999999999999 * 99999999999999 > 1"), 1)

    assert (test.state, bool(test.error)) == ("failed", True)


def test_one_person_has_only_so_many_in_line() -> None:
    [day] = days(1)
    store(day, [{"client_id": 1, "branch_id": 1, "cash_ratio": 0.9}])
    asked, by = version(), make.staff("Ann").user
    for _n in range(figures().at_once):
        services.ask(version=asked, days=1, by=by, now=make.NOW)

    with pytest.raises(services.CannotTest):
        services.ask(version=asked, days=1, by=by, now=make.NOW)
    assert services.ask(version=asked, days=1, by=make.staff("Bob").user, now=make.NOW)
