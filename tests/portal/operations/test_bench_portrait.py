"""The judge of portraits: what its scores mean, and a small branch judged whole."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import portrait
from bench.judging import logistic, scores
from bench.judging.portraits import judged
from bench.judging.scores import Forecast, Guess


def test_scores_of_guesses() -> None:
    guesses = [Guess(0.9, True), Guess(0.8, True), Guess(0.6, False), Guess(0.6, True)]

    assert scores.accuracy(guesses) == 0.75
    assert scores.reliability(guesses) == [(0.6, 0.5, 2), (0.8, 1.0, 1), (0.9, 1.0, 1)]
    assert scores.calibration_error(guesses) == pytest.approx((0.1 * 2 + 0.2 + 0.1) / 4)


def test_the_brier_score_of_all_values_and_of_one_that_nobody_thought_of() -> None:
    sure, wrong = Forecast({"a": 1.0, "b": 0.0}, "a"), Forecast({"a": 1.0, "b": 0.0}, "b")
    unheard = Forecast({"a": 0.5, "b": 0.5}, "c")

    assert [scores.brier([one]) for one in (sure, wrong, unheard)] == [0.0, 2.0, 1.5]
    assert Forecast({"a": 0.5, "b": 0.5}, "b").guess == Guess(0.5, True)


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=30))
def test_the_area_is_the_share_of_pairs_in_the_right_order(rows: list[tuple[int, bool]]) -> None:
    ones = [score for score, label in rows if label]
    others = [score for score, label in rows if not label]
    if not ones or not others:
        return

    area = scores.auc([float(score) for score, _label in rows], [label for _score, label in rows])

    pairs = [(one > other) + (one == other) / 2 for one in ones for other in others]
    assert area == pytest.approx(sum(pairs) / len(pairs))


def test_the_regression_finds_what_matters() -> None:
    rows = [[float(n), float(n % 3)] for n in range(60)]

    model = logistic.fitted(rows, [n > 30 for n in range(60)])

    assert model.chance([55.0, 1.0]) > 0.9
    assert model.chance([5.0, 1.0]) < 0.1
    assert abs(model.weights[2]) < model.weights[1]


@pytest.mark.django_db
@pytest.mark.xdist_group("demo that lives")
def test_a_small_branch_is_judged_whole(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LAKE_DIR = tmp_path / "lake"
    monkeypatch.setattr(portrait, "_best", lambda churn: {})  # too few people for anybody to leave

    result = portrait.measure(tmp_path / "branch", clients=40, days=(2, 4))

    told = result.facts["traits"]
    assert set(result.ratios) == {"clarity_at_2d", "clarity_at_4d", "calibration_error"}
    assert 0 < result.ratios["clarity_at_2d"] < 1
    assert set(told) == {2, 4}
    assert set(told[4]) <= set(judged())
    assert {"activity", "risk_appetite", "life_stage"} <= set(told[4])
    assert all(0 <= one["right"] <= 1 and 0 <= one["brier"] <= 2 for one in told[4].values())
    assert sum(many for _sure, _right, many in result.facts["reliability"]) == sum(
        one["known"] for one in told[4].values()
    )
