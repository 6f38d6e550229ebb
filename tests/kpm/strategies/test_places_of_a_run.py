"""A whole run of the night during a pilot: the version meets the clients of its branches, the live one the others."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kpm.strategies import services
from kpm.strategies.models import Assignment, Funnel, Hit, Strategy
from tests import factories as make
from tests.kpm.strategies import branch as story
from tests.kpm.strategies.launching import approved, business
from tests.kpm.strategies.test_editing import OTHER, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def strategy(settings: Any, tmp_path: Path) -> Strategy:
    """The story's branch, and Eva in another one who has all in one security too."""
    settings.LAKE_DIR = tmp_path
    story.build()
    elsewhere = make.staff("Eli", at=make.branch("NJ01"))
    eva = make.client("Eva", manager=elsewhere)
    make.position(eva, make.security("300001", "SZ"), quantity=Decimal(10_000), last_price=Decimal(45))
    make.cash(eva, 50_000)
    services.offer_delivery(kind="playbook", code=story.TASK, version=1)
    return Strategy.objects.get(code=story.TASK)


def met() -> dict[tuple[str, int], str]:
    """Who was met by which version, and where his hit stopped."""
    hits = Hit.objects.filter(strategy__code=story.TASK)
    return {(hit.client.name, hit.version.number): hit.stopped_by for hit in hits.select_related("client", "version")}


def piloted(strategy: Strategy, **fields: Any) -> None:
    """Version 2 begins its pilot in the story's branch, after the features are known."""
    version = submitted(strategy, condition=OTHER, **fields)
    version.steps.get(order=1).branches.set([make.branch("HF01")])
    services.begin_pilot(version=approved(version, make.NOW), by=business("Dora"), now=make.NOW)


def test_the_pilot_runs_in_its_branches_and_the_live_version_elsewhere(strategy: Strategy) -> None:
    cutoff = story.features()
    piloted(strategy)

    run = services.run_slot(day=story.DAY, now=cutoff)

    assert run.state == "published"
    assert set(met()) == {("Bob", 2), ("Eva", 1)}
    matched = Funnel.objects.filter(run=run, step=1, reason="", version__strategy=strategy)
    assert set(matched.values_list("version__number", "branch__code", "n")) == {(2, "HF01", 1), (1, "NJ01", 1)}


def test_taken_back_the_live_version_meets_everybody_and_nobody_twice(strategy: Strategy) -> None:
    cutoff = story.features()
    piloted(strategy)
    first = services.run_slot(day=story.DAY, now=cutoff)

    services.end_rollout(strategy=strategy, by=business("Dora"), now=make.NOW, reason="not yet")
    second = services.run_slot(day=story.DAY, now=cutoff)

    assert second.attempt == first.attempt + 1
    assert set(met()) == {("Bob", 1), ("Eva", 1)}


@pytest.mark.parametrize(("status", "share"), [("pilot", 30), ("rolling", 20), ("live", 10)])
def test_a_version_that_spreads_holds_more_out_and_the_assignment_keeps_the_share(
    strategy: Strategy, status: str, share: int
) -> None:
    cutoff = story.features()
    piloted(strategy, purpose="service", goal="since_hit_net_inflow >= 0", holdout_pct=10)
    if status == "live":
        version = Strategy.objects.get(pk=strategy.pk).pilot_version
        Strategy.objects.filter(pk=strategy.pk).update(live_version=version, pilot_version=None)
    Strategy.objects.filter(pk=strategy.pk).update(status=status)

    services.run_slot(day=story.DAY, now=cutoff)

    found = dict(Assignment.objects.filter(strategy=strategy).values_list("client__name", "pct"))
    assert found["Bob"] == share
