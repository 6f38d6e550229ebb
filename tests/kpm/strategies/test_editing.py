"""Drafts: how they begin, what keeps them from being handed in, and what the house keeps of them."""

from typing import Any

import pytest
from django.db import InternalError, transaction

from kpm.strategies import services
from kpm.strategies.models import Strategy, StrategyVersion
from tests import factories
from tests.factories import NOW
from tests.kpm.strategies.launching import live
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
    """A draft by Alice, changed by her."""
    alice = factories.staff("Alice").user
    version = services.draft_version(strategy=of, by=alice, now=NOW)
    for name, value in fields.items():
        setattr(version, name, value)
    services.save_draft(version=version, changed=list(fields), by=alice, now=NOW)
    return version


def submitted(of: Strategy, **fields: Any) -> StrategyVersion:
    """A version drafted by Alice and submitted by Bert."""
    version = draft(of, **fields)
    return services.submit_version(version=version, by=factories.staff("Bert").user, now=NOW)


def trail(version: StrategyVersion) -> list[tuple[str, str]]:
    """Who did what, by first name."""
    events = version.events.order_by("pk").select_related("by__staff")
    return [(event.kind, event.by.staff.name if event.by else "") for event in events]


def test_a_draft_says_what_the_newest_version_said_and_there_is_one_at_a_time(strategy: Strategy) -> None:
    alice, dora = factories.staff("Alice"), factories.staff("Dora")

    version = services.draft_version(strategy=strategy, by=alice.user, now=NOW)
    again = services.draft_version(strategy=strategy, by=dora.user, now=NOW)

    first = StrategyVersion.objects.get(number=1)
    assert again == version
    assert (version.number, version.parent, version.author, version.submitted_at) == (2, first, alice.user, None)
    own = {"id", "number", "parent_id", "author_id", "submitted_at", "created_at"}
    one, other = ({k: v for k, v in vars(row).items() if k not in own and k[0] != "_"} for row in (first, version))
    assert one == other
    assert trail(version) == [("drafted", "Alice")]


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
        ({"suitability_gate": True, "product_level": 3, "permission_code": "GEM"}, 1),
        ({"suitability_gate": True, "permission_code": "MOON"}, 1),
        ({"suitability_gate": True, "product_level_from": "position_market_value"}, 1),
        ({"goal": "since_hit_contact_ok = true"}, 1),
        ({"goal": "since_hit_logn_cnt >= 1"}, 1),
        ({"purpose": "service", "goal": "since_hit_product_amt > 0", "holdout_pct": 10}, 1),
        ({"purpose": "risk", "goal": "since_hit_login_cnt >= 1 OR since_hit_product_amt > 0"}, 1),
        ({"purpose": "service", "goal": "", "holdout_pct": 10}, 1),
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


def test_a_draft_with_one_level_and_a_goal_of_its_own_is_submitted(strategy: Strategy) -> None:
    written = {"goal": "since_hit_login_cnt >= 1", "goal_reason": "of the version before", "suitability_gate": True}
    version = draft(strategy, product_level=2, **written)

    row = services.submit_version(version=version, by=version.author, now=NOW)

    assert (row.submitted_at, row.goal, row.goal_reason, row.product_level) == (NOW, written["goal"], "", 2)


def test_a_submitted_version_is_not_saved_by_who_had_it_open(strategy: Strategy) -> None:
    version = draft(strategy, condition=OTHER)
    services.submit_version(version=version, by=version.author, now=NOW)
    version.priority = 1

    with pytest.raises(services.CannotChange):
        services.save_draft(version=version, changed=["priority"], by=version.author, now=NOW)

    assert StrategyVersion.objects.get(pk=version.pk).priority == strategy.live_version.priority
    assert trail(version)[-1] == ("submitted", "Alice")


def test_every_state_of_a_strategy_is_kept_by_the_database(strategy: Strategy) -> None:
    Strategy.objects.filter(pk=strategy.pk).update(status="paused")

    kept = Strategy.pgh_event_model.objects.filter(pgh_obj=strategy).order_by("pgh_id")

    assert list(kept.values_list("pgh_label", "status"))[-2:] == [("update", "live"), ("update", "paused")]
    with pytest.raises(InternalError), transaction.atomic():
        kept.update(status="live")


def test_the_library_loaded_again_leaves_an_authors_version_live(strategy: Strategy) -> None:
    version = draft(strategy, condition=OTHER, emergency=True)
    services.submit_version(version=version, by=version.author, now=NOW)
    live(version, NOW)

    same = services.load_library(entries=[entry()], now=NOW)
    changed = services.load_library(entries=[entry(priority=1)], now=NOW)

    assert (same.kept, changed.kept, changed.changed) == ([TASK], [TASK], [])
    assert Strategy.objects.get().live_version == version
    assert StrategyVersion.objects.order_by("-number").first() == version


def test_a_strategy_without_a_version_has_no_draft() -> None:
    empty = Strategy.objects.create(code=MESSAGE, name_zh="一", name_en="One")

    with pytest.raises(services.CannotChange):
        services.draft_version(strategy=empty, by=factories.staff("Alice").user, now=NOW)

    assert not StrategyVersion.objects.exists()
