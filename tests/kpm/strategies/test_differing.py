"""What two versions say otherwise: field by field, and the condition leaf by leaf."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from kpm.strategies.differing import Difference, differences
from kpm.strategies.models import Strategy, StrategyVersion
from tests import factories
from tests.kpm.strategies.test_editing import draft, strategy

__all__ = ["strategy"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def live(strategy: Strategy) -> StrategyVersion:
    """The version that runs: half of his assets in one security, worth more than 200,000."""
    assert strategy.live_version is not None
    assert strategy.live_version.condition == "top1_position_ratio >= 0.7 AND position_market_value >= 200000"
    return strategy.live_version


def test_a_moved_threshold_is_one_line_and_what_came_and_went_has_its_own(
    strategy: Strategy, live: StrategyVersion
) -> None:
    condition = "top1_position_ratio >= 0.8 AND cash_ratio < 0.1"
    version = draft(strategy, condition=condition)
    live.steps.all().delete()
    version.steps.all().delete()

    assert differences(live, version) == [
        Difference("condition", live.condition, condition),
        Difference("· cash_ratio/<", "", "cash_ratio < 0.1"),
        Difference("· position_market_value/>=", "position_market_value >= 200000", ""),
        Difference("· top1_position_ratio/>=", "top1_position_ratio >= 0.7", "top1_position_ratio >= 0.8"),
    ]


def test_the_same_condition_written_otherwise_has_no_leaf_that_differs(
    strategy: Strategy, live: StrategyVersion
) -> None:
    version = draft(strategy, condition="position_market_value >= 200000 AND 0.70 <= top1_position_ratio")

    assert [row.what for row in differences(live, version) if row.what.startswith("·")] == []


def test_fields_are_told_in_words_of_the_page_and_the_plan_in_one_line(
    strategy: Strategy, live: StrategyVersion
) -> None:
    live.steps.all().delete()
    version = draft(strategy, purpose="service", emergency=True, channels=["phone", "visit"], note="why")
    version.steps.exclude(order=1).delete()
    step = version.steps.get()
    step.branches.set([factories.branch("HF01")])

    assert differences(live, version) == [
        Difference("purpose", "Risk", "Service"),
        Difference("channels", ", ".join(live.channels), "phone, visit"),
        Difference("note", live.note, "why"),
        Difference("emergency", "no", "yes"),
        Difference("plan of the rollout", "", "HF01 (10 trading days, 50 clients)"),
    ]


def test_a_condition_that_cannot_be_read_has_no_leaves_of_its_own(strategy: Strategy, live: StrategyVersion) -> None:
    version = draft(strategy, condition="top1_position_ratio >=")

    leaves = [row for row in differences(live, version) if row.what.startswith("·")]

    assert {row.after for row in leaves} == {""}
    assert len(leaves) == 2
