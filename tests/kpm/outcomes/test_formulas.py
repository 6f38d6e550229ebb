"""The formulas against worked examples (the last is the first one of Newcombe's paper), and what must always hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpm.outcomes.formulas import Arm, any_time, chance, missing_differs, newcombe, sample_ratio, wilson
from kpm.outcomes.shrinking import main_lines, prior_of_line

LEAST, MOST, DEFAULT = 20, 400, 0.05
COUNTS = st.integers(0, 500).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


@pytest.mark.parametrize(
    ("treated", "held", "said"),
    [
        ((1800, 126), (200, 10), ("+2.0", "-2.1", "+4.6")),
        ((9000, 630), (1000, 50), ("+2.0", "+0.4", "+3.3")),
        ((70, 56), (80, 48), ("+20.0", "+5.2", "+33.4")),
    ],
)
def test_newcombe_gives_the_worked_intervals(
    treated: tuple[int, int], held: tuple[int, int], said: tuple[str, ...]
) -> None:
    found = newcombe(Arm(*treated), Arm(*held))

    assert found is not None
    assert tuple(f"{value * 100:+.1f}" for value in (found.value, found.lower, found.upper)) == said


def test_wilson_of_the_ends_and_of_nobody() -> None:
    none, all_of_them = wilson(Arm(10, 0)), wilson(Arm(10, 10))

    assert none is not None
    assert all_of_them is not None
    assert (none.lower, round(none.upper, 4)) == (0.0, 0.2775)
    assert (round(all_of_them.lower, 4), all_of_them.upper) == (0.7225, 1.0)
    assert wilson(Arm(0, 0)) is None
    assert newcombe(Arm(0, 0), Arm(5, 1)) is None


@given(treated=COUNTS, held=COUNTS)
def test_an_interval_holds_its_difference_and_turns_with_the_arms(
    treated: tuple[int, int], held: tuple[int, int]
) -> None:
    found, turned = newcombe(Arm(*treated), Arm(*held)), newcombe(Arm(*held), Arm(*treated))

    if found is None or turned is None:
        assert not treated[0] or not held[0]
        return
    assert -1 - 1e-9 <= found.lower <= found.value <= found.upper <= 1 + 1e-9
    assert (turned.lower, turned.upper) == pytest.approx((-found.upper, -found.lower))


def test_an_interval_for_every_day_is_wider_and_narrowest_at_the_planned_size() -> None:
    treated, held = Arm(1000, 100), Arm(1000, 60)

    once, planned = newcombe(treated, held), any_time(treated, held, 2000)

    assert once is not None
    assert planned is not None
    wider = (planned.upper - planned.lower) / (once.upper - once.lower)
    assert (round(planned.lower, 4), round(planned.upper, 4), round(wider, 2)) == (0.0031, 0.0769, 1.54)
    assert all(found.lower < planned.lower for found in (any_time(treated, held, n) for n in (500, 8000)) if found)
    assert any_time(Arm(0, 0), held, 100) is None


def test_chi_squared_of_one_degree() -> None:
    assert chance(3.841) == pytest.approx(0.05, abs=1e-4)
    assert chance(10.828) == pytest.approx(0.001, abs=1e-5)


def test_a_third_held_out_where_a_fifth_was_planned_is_no_accident() -> None:
    assert sample_ratio(800, 200, 0.2) == 1.0
    assert sample_ratio(670, 330, 0.2) < 1e-20
    assert sample_ratio(790, 210, 0.2) == pytest.approx(0.4292, abs=1e-4)
    assert sample_ratio(0, 0, 0.2) == sample_ratio(9, 9, 0.0) == 1.0


def test_missing_outcomes_of_one_arm_only_are_no_accident() -> None:
    assert missing_differs(Arm(900, 0, 100), Arm(90, 0, 10)) == 1.0
    assert missing_differs(Arm(900, 0, 0), Arm(70, 0, 30)) < 1e-20
    assert missing_differs(Arm(900, 0), Arm(70, 0)) == 1.0


def test_families_that_differ_by_chance_lean_on_their_line_and_others_do_not() -> None:
    alike = prior_of_line([(1000, 100), (1000, 101), (1000, 99)], default=DEFAULT, least=LEAST, most=MOST)
    unlike = prior_of_line([(1000, 20), (1000, 500), (1000, 900)], default=DEFAULT, least=LEAST, most=MOST)

    assert (alike.weight, unlike.weight) == (MOST, LEAST)
    assert alike.rate == pytest.approx((300 + 20 * 0.05) / 3020)
    assert alike.shrunk(0, 0) == pytest.approx(alike.rate)
    assert unlike.shrunk(1000, 900) == pytest.approx((900 + 20 * unlike.rate) / 1020)


@given(families=st.lists(COUNTS, min_size=1, max_size=8))
def test_a_shrunk_rate_lies_between_the_familys_own_and_its_lines(families: list[tuple[int, int]]) -> None:
    prior = prior_of_line(families, default=DEFAULT, least=LEAST, most=MOST)

    assert 0 <= prior.rate <= 1
    assert LEAST <= prior.weight <= MOST
    for n, x in families:
        low, high = sorted([prior.rate, x / n if n else prior.rate])
        assert low - 1e-9 <= prior.shrunk(n, x) <= high + 1e-9


def test_a_family_belongs_to_the_line_with_most_of_its_outcomes() -> None:
    counts = {("a", "news"): (5, 1), ("a", "trading"): (9, 1), ("b", "news"): (4, 0), ("b", "account"): (4, 0)}

    assert main_lines(counts) == {"a": "trading", "b": "account"}
