"""Plans and planned looks in the record: fixed once, looked at once, and a live version that does harm is held."""

from datetime import date, timedelta
from typing import Any

import pytest

from kpm.outcomes import services
from kpm.outcomes.models import EffectLook, EffectPlan, EffectSnapshot, Outcome
from kpm.strategies.models import Funnel, GoalRate, Hit, StrategyHold, StrategyVersion
from tests import factories as make
from tests.kpm.outcomes.world import CLOSED, SERVED, hit, now, version

pytestmark = pytest.mark.django_db
LATER = date(2026, 12, 25)  # more than twenty trading days after the first hit


@pytest.fixture
def of() -> StrategyVersion:
    """A version of which half is held out."""
    return version("A", goal="since_hit_login_cnt >= 1", goal_window=3, holdout_pct=50)


def outcomes(of: StrategyVersion, n: int, x: int, *, end: date = CLOSED, **fields: Any) -> None:
    """So many outcomes of hits of one client, `x` of them with the goal reached."""
    client = make.client(f"Client {Hit.objects.count()}", login=False)
    first = Hit.objects.count()
    hits = [hit(of, client, occurrence=f"o{first + number}", **fields) for number in range(n)]
    rows = [Outcome(hit=one, window_end=end, value=number < x, observed_at=now()) for number, one in enumerate(hits)]
    Outcome.objects.bulk_create(rows)


def plan(of: StrategyVersion, **fields: Any) -> EffectPlan:
    fixed = {"mde": 0.05, "base": 0.1, "held_share": 0.5, "sample": 240, "min_days": 20, "made_on": SERVED}
    return EffectPlan.objects.create(version=of, **{**fixed, **fields})


def whole() -> EffectSnapshot:
    return EffectSnapshot.objects.filter(branch=None, month=None).latest("day")


def test_a_plan_is_fixed_once_from_what_the_family_is_known_for(of: StrategyVersion) -> None:
    GoalRate.objects.create(family=of.strategy.family, strategy=None, segment="", rate=0.2, trials=9, counted_on=SERVED)
    outcomes(of, 1, 1)
    services.snapshot_effects(day=CLOSED)

    GoalRate.objects.update(rate=0.5)
    services.snapshot_effects(day=LATER)

    row = EffectPlan.objects.get()
    assert (row.base, row.held_share, row.made_on, row.min_days) == (0.2, 0.5, CLOSED, 20)
    assert row.sample == 2180


def test_a_version_that_holds_out_nobody_has_no_plan(of: StrategyVersion) -> None:
    spared = version("S", goal="since_hit_login_cnt >= 1", goal_window=3, holdout_pct=0)
    outcomes(spared, 1, 1)

    services.snapshot_effects(day=CLOSED)

    assert EffectPlan.objects.count() == 0
    assert whole().state == "no_holdout"


def test_a_look_is_kept_as_it_was_and_decides_until_the_next_one(of: StrategyVersion) -> None:
    plan(of)
    outcomes(of, 120, 60)
    outcomes(of, 120, 12, held=True)

    services.snapshot_effects(day=LATER)
    outcomes(of, 60, 0)
    services.snapshot_effects(day=LATER + timedelta(days=3))

    row = EffectLook.objects.get()
    assert (row.share, row.n, row.day, row.difference) == (1.0, 240, LATER, 0.4)
    assert 0.25 < row.lower < 0.4 < row.upper < 0.55
    assert row.p < 1e-9
    assert (whole().state, whole().treated_n, whole().days_left) == ("works", 180, 0)


@pytest.mark.parametrize(("others", "state"), [(0, "works"), (9, "review")])
def test_what_is_looked_at_beside_many_has_to_be_clearer(of: StrategyVersion, others: int, state: str) -> None:
    plan(of)
    outcomes(of, 120, 28)
    outcomes(of, 120, 15, held=True)
    for number in range(others):
        other = version(f"B{number}", goal="since_hit_login_cnt >= 1", goal_window=3, holdout_pct=50)
        bounds = {"difference": 0.0, "lower": -0.1, "upper": 0.1}
        EffectLook.objects.create(version=other, share=1.0, day=LATER, n=240, p=0.9, **bounds)

    services.snapshot_effects(day=LATER)

    assert 0.01 < EffectLook.objects.get(version=of).p < 0.05
    assert whole().state == state


def test_the_held_out_who_were_served_make_it_unhealthy(of: StrategyVersion) -> None:
    held_out = make.client("Held")
    outcome = hit(of, held_out, occurrence="held", held=True)
    Outcome.objects.create(hit=outcome, window_end=CLOSED, value=False, observed_at=now())
    hit(of, held_out, occurrence="by hand", used_on=SERVED + timedelta(days=1))

    services.snapshot_effects(day=CLOSED)

    assert (whole().state, whole().faults) == ("unhealthy", ["held_treated"])


def harmful(of: StrategyVersion) -> None:
    """A live version whose treated clients reach the goal far less often, with a run that found it."""
    of.strategy.live_version = of
    of.strategy.save()
    plan(of)
    outcomes(of, 60, 0)
    outcomes(of, 60, 50, held=True)
    found = Hit.objects.filter(version=of).first()
    assert found is not None
    Funnel.objects.create(run=found.run, version=of, branch=found.branch, step=1, reason="", n=120)


def test_a_live_version_that_does_harm_is_held_for_an_approver_once(of: StrategyVersion) -> None:
    harmful(of)

    first = services.take_stock(day=CLOSED, now=now())
    again = services.take_stock(day=CLOSED, now=now())

    row = StrategyHold.objects.get()
    assert (first.stopped, again.stopped, whole().state) == (1, 0, "harmful")
    assert (row.version, row.kind, row.what) == (of, "held_effect", "harmful")
    assert row.value == pytest.approx(-5 / 6)
    assert row.limit is not None
    assert row.limit < 0


def test_what_an_approver_released_is_not_held_again_for_the_same(of: StrategyVersion) -> None:
    harmful(of)
    services.take_stock(day=CLOSED, now=now())
    boss = make.staff("Boss").user
    StrategyHold.objects.update(released_at=now(), released_by=boss, reason="a fault of measuring")

    later = services.take_stock(day=CLOSED + timedelta(days=3), now=now())

    assert later.stopped == 0
    assert StrategyHold.objects.filter(released_at=None).count() == 0
