"""`bench pilots` in its short form: the gates of rollouts over simulated versions of which the truth is known."""

import pytest

from bench import pilots
from bench.pilots import Truth, Version
from kpm.outcomes.formulas import Arm
from kpm.outcomes.rollouts import doubts
from kpm.strategies.figures import launch


def test_harm_is_stopped_early_and_what_does_nothing_is_not_praised() -> None:
    found = pilots.run(clients=40)

    assert found.ratios["stopped_effect"] >= 0.85
    assert found.ratios["stopped_complaints"] >= 0.85
    assert found.ratios["promoted"] <= 0.05
    assert (found.facts["versions"], found.facts["planned_exposure"]) == (40, 23_020)


def test_the_same_versions_come_in_every_run() -> None:
    first, second = pilots.run(clients=3), pilots.run(clients=3)

    assert (first.ratios, first.facts) == (second.ratios, second.facts)


def test_a_step_goes_on_only_when_its_plan_says_so() -> None:
    version = Version(Truth(), pilots.Random(1))

    for night in range(1, 10):
        version.lives()
        version.judged(night)
    before = version.at
    version.lives()
    version.judged(10)

    assert (before, version.at, version.served) == (0, 1, 0)


@pytest.mark.parametrize(
    ("treated", "held", "doubtful"),
    [
        (Arm(0, 0), Arm(0, 0), False),
        (Arm(20, 3), Arm(10, 3), True),
        (Arm(20, 3), Arm(10, 2), False),  # worse by less than half a standard error
        (Arm(200, 40), Arm(100, 10), False),
    ],
)
def test_a_difference_that_looks_like_harm_is_doubted(treated: Arm, held: Arm, doubtful: bool) -> None:
    assert doubts(treated, held, launch()) is doubtful
