"""From a draft to the live version: who may do what, and what is refused."""

from typing import Any

import pytest

from kpm.strategies import services
from kpm.strategies.models import Strategy, StrategyVersion
from tests import factories
from tests.factories import NOW
from tests.kpm.strategies.test_library import MESSAGE, TASK, entry

pytestmark = pytest.mark.django_db
OTHER = "top1_position_ratio >= 0.8 AND position_market_value >= 200000"


@pytest.fixture
def strategy() -> Strategy:
    """The task strategy of the library, live with its first version, its playbook on offer."""
    services.load_library(entries=[entry()], now=NOW)
    services.offer_delivery(kind="playbook", code=TASK, version=1)
    return Strategy.objects.get()


def draft(of: Strategy, **fields: Any) -> StrategyVersion:
    """A draft by Alice, changed."""
    version = services.draft_version(strategy=of, by=factories.staff("Alice").user)
    for name, value in fields.items():
        setattr(version, name, value)
    version.save()
    return version


def test_a_draft_says_what_the_newest_version_said_and_there_is_one_at_a_time(strategy: Strategy) -> None:
    alice, dora = factories.staff("Alice"), factories.staff("Dora")

    version = services.draft_version(strategy=strategy, by=alice.user)
    again = services.draft_version(strategy=strategy, by=dora.user)

    first = StrategyVersion.objects.get(number=1)
    assert again == version
    assert (version.number, version.parent, version.author, version.submitted_at) == (2, first, alice.user, None)
    own = {"id", "number", "parent_id", "author_id", "submitted_at", "created_at"}
    one, other = ({k: v for k, v in vars(row).items() if k not in own and k[0] != "_"} for row in (first, version))
    assert one == other


def test_submitting_freezes_the_draft_with_what_follows_from_its_condition(strategy: Strategy) -> None:
    version = draft(strategy, condition=OTHER, change_note="0.8 instead of 0.7")
    before = version.condition_hash

    row = services.submit_version(version=version, by=version.author, now=NOW)

    assert (row.submitted_at, row.author) == (NOW, version.author)
    assert [leaf["literal"] for leaf in row.leaves] == ["200000", "0.8"]
    assert row.condition_hash != before
    assert strategy.live_version != row
    with pytest.raises(services.CannotChange):
        services.submit_version(version=row, by=version.author, now=NOW)


@pytest.mark.parametrize(
    ("changes", "number_of_faults"),
    [
        ({"condition": "top1_position_ratoi >= 0.7"}, 1),
        ({"condition": "top1_position_ratio >="}, 1),
        ({"population": "nobody_knows > 1"}, 1),
        ({"suitability_gate": True}, 1),
        ({"playbook_code": "none"}, 1),
        ({"action": "push_then_task"}, 1),
        ({"action": "push", "condition": "x > 1", "population": "y > 1"}, 3),
    ],
)
def test_what_is_wrong_keeps_a_draft_a_draft(
    strategy: Strategy, changes: dict[str, Any], number_of_faults: int
) -> None:
    version = draft(strategy, **changes)

    with pytest.raises(services.CannotChange) as refused:
        services.submit_version(version=version, by=version.author, now=NOW)

    assert len(services.editing.faults_of_version(version)) == number_of_faults
    assert str(refused.value)
    assert StrategyVersion.objects.get(pk=version.pk).submitted_at is None


def test_a_colleague_launches_and_the_author_does_not(strategy: Strategy) -> None:
    version = draft(strategy, condition=OTHER)
    dora = factories.staff("Dora").user
    with pytest.raises(services.CannotChange):
        services.launch_version(version=version, by=dora)
    services.submit_version(version=version, by=version.author, now=NOW)

    with pytest.raises(services.CannotChange):
        services.launch_version(version=version, by=version.author)
    still = Strategy.objects.get().live_version
    services.launch_version(version=version, by=dora)

    assert still == strategy.live_version
    assert Strategy.objects.get().live_version == version


def test_rolling_back_is_launching_the_version_before(strategy: Strategy) -> None:
    first, dora = strategy.live_version, factories.staff("Dora").user
    version = draft(strategy, condition=OTHER)
    services.submit_version(version=version, by=version.author, now=NOW)
    services.launch_version(version=version, by=dora)

    services.launch_version(version=first, by=dora)

    assert Strategy.objects.get().live_version == first


def test_pausing_and_resuming_keep_the_version(strategy: Strategy) -> None:
    services.pause(strategy=strategy)
    paused = Strategy.objects.get()
    with pytest.raises(services.CannotChange):
        services.pause(strategy=strategy)

    services.resume(strategy=strategy)

    assert (paused.status, paused.live_version) == ("paused", strategy.live_version)
    assert Strategy.objects.get().status == "live"
    with pytest.raises(services.CannotChange):
        services.resume(strategy=strategy)


def test_the_library_loaded_again_leaves_an_authors_version_live(strategy: Strategy) -> None:
    version = draft(strategy, condition=OTHER)
    services.submit_version(version=version, by=version.author, now=NOW)
    services.launch_version(version=version, by=factories.staff("Dora").user)

    same = services.load_library(entries=[entry()], now=NOW)
    changed = services.load_library(entries=[entry(priority=1)], now=NOW)

    assert (same.unchanged, changed.changed) == ([TASK], [TASK])
    assert Strategy.objects.get().live_version == version
    assert StrategyVersion.objects.order_by("-number").first().number == 3  # type: ignore[union-attr]


def test_a_strategy_without_a_version_has_no_draft() -> None:
    empty = Strategy.objects.create(code=MESSAGE, name_zh="一", name_en="One")

    with pytest.raises(services.CannotChange):
        services.draft_version(strategy=empty, by=factories.staff("Alice").user)

    assert not StrategyVersion.objects.exists()
