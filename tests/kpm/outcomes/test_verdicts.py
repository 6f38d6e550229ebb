"""The states of an effect: each rule, its place before the others, and what is known at a planned look."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import effect
from kpm.outcomes.figures import figures
from kpm.outcomes.formulas import Arm, Interval
from kpm.outcomes.verdicts import Health, Look, Plan, Shown, days_left, due, state_of

PLAN = Plan(mde=0.05, sample=2000, min_days=20)
EVEN = Shown(treated=Arm(1800, 180), held=Arm(200, 20), days=30, daily=10.0)
CLEAR = Look(1.0, Interval(0.06, 0.02, 0.10), passed=True)
NOTHING = Look(1.0, Interval(0.0, -0.04, 0.04), passed=False)
HARM = {"treated": Arm(1000, 20), "held": Arm(1000, 400)}
HALF = {"treated": Arm(900, 90), "held": Arm(100, 10)}


@pytest.mark.parametrize(
    ("shown", "state"),
    [
        ({"unhealthy": ("missing",), "crossed": "complaint", **HARM}, "unhealthy"),
        (HARM, "harmful"),
        ({"crossed": "complaint"}, "harmful"),
        ({"days": 19, "look": CLEAR}, "collecting"),
        ({"held": Arm(49, 5), "look": CLEAR}, "collecting"),
        ({**HALF, "daily": 20.0, "look": CLEAR}, "days_left"),
        ({**HALF, "daily": 10.0, "look": CLEAR}, "works"),
        ({"look": CLEAR}, "works"),
        ({"look": replace(CLEAR, passed=False)}, "review"),
        ({"look": replace(CLEAR, found=Interval(0.06, -0.01, 0.13))}, "review"),
        ({"look": NOTHING}, "no_effect"),
        ({"look": replace(NOTHING, found=Interval(0.0, -0.05, 0.05))}, "review"),
        ({}, "review"),
        ({**HALF, "daily": 10.0}, "collecting"),
        ({**HALF, "daily": 0.0}, "collecting"),
        ({"treated": Arm(19, 0), "held": Arm(19, 19)}, "collecting"),
    ],
)
def test_the_first_rule_that_applies_is_said(shown: dict[str, object], state: str) -> None:
    assert state_of(PLAN, replace(EVEN, **shown), figures()) == state


def test_days_are_told_up_to_sixty() -> None:
    half = replace(EVEN, treated=Arm(900, 90), held=Arm(100, 10))

    assert days_left(PLAN, replace(half, daily=17.0)) == 59
    assert days_left(PLAN, EVEN) == 0
    assert days_left(PLAN, replace(half, daily=0.0)) is None
    assert state_of(PLAN, replace(half, daily=1000 / 60), figures()) == "days_left"
    assert state_of(PLAN, replace(half, daily=1000 / 61), figures()) == "collecting"


@pytest.mark.parametrize(
    ("known", "done", "share"),
    [(499, 0.0, None), (500, 0.0, 0.25), (500, 0.25, None), (1600, 0.25, 0.75), (9000, 0.75, 1.0), (9000, 1.0, None)],
)
def test_a_look_is_due_once_its_share_is_there(known: int, done: float, share: float | None) -> None:
    assert due(PLAN, known, done, figures().looks) == share


def test_what_is_no_accident_is_named() -> None:
    known = figures()

    assert Health({"sample_ratio": 0.0009, "missing": 0.0011}, 0.0101).faults(known) == ("sample_ratio", "held_treated")
    assert Health({"sample_ratio": 1.0}, 0.01).faults(known) == ()


@given(
    treated=st.integers(0, 3000), held=st.integers(0, 3000), days=st.integers(0, 300), daily=st.floats(0, 100),
    shares=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)  # fmt: skip
def test_nothing_is_concluded_before_the_plan_allows(
    treated: int, held: int, days: int, daily: float, shares: tuple[float, float]
) -> None:
    arms = Arm(treated, int(treated * shares[0])), Arm(held, int(held * shares[1]))
    shown = Shown(treated=arms[0], held=arms[1], days=days, daily=daily, look=CLEAR)

    said = state_of(PLAN, shown, figures())

    if said in ("works", "no_effect", "review"):
        assert days >= PLAN.min_days
        assert min(treated, held) >= figures().least_outcomes
    if said == "harmful":
        assert arms[0].x * held < arms[1].x * treated


def test_simulated_versions_without_effect_raise_few_alarms_and_intervals_hold_the_truth() -> None:
    found = effect.run(clients=60).ratios

    assert found["false_works"] + found["false_harmful"] <= 0.05
    assert found["coverage"] >= 0.9
    assert found["coverage_adjusted"] >= 0.9
    assert found["coverage_daily"] >= 0.95
    assert found["ratio_found"] == 1.0
    assert found["ratio_false"] == 0.0
