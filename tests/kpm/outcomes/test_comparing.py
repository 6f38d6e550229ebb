"""Comparing within groups, many versions at once, sizes: against statsmodels 0.15.0, and what must always hold."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpm.outcomes.comparing import at_limit, discoveries, p_value, sample, stratified
from kpm.outcomes.formulas import Arm, newcombe, wilson

# The p-values that statsmodels' and R's help pages share, and how many of them stay at two rates.
PS = [
    .001, .008, .039, .041, .042, .06, .074, .205, .212, .216, .222, .251, .269, .275, .34, .341, .384, .569, .594,
    .696, .762, .94, .942, .975, .986,
]  # fmt: skip
COUNTS = st.integers(1, 300).flatmap(lambda n: st.builds(Arm, st.just(n), st.integers(0, n)))
CELLS = st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=6)


def test_intervals_are_those_of_statsmodels() -> None:
    """confint_proportions_2indep(126, 1800, 10, 200, method="newcomb"); proportion_confint(3, 40, method="wilson")."""
    difference = newcombe(Arm(1800, 126), Arm(200, 10))
    at_a_look = wilson(Arm(40, 3), 2.963)

    assert difference is not None
    assert at_a_look is not None
    assert (difference.lower, difference.upper) == pytest.approx((-0.0210501447, 0.0459516504), abs=2e-6)
    assert (at_a_look.lower, at_a_look.upper) == pytest.approx((0.0160770064, 0.2869070072), abs=1e-9)


@pytest.mark.parametrize(("q", "stay"), [(0.1, 2), (0.25, 6)])
def test_as_many_stay_as_with_statsmodels(q: float, stay: int) -> None:
    """multipletests(PS, alpha=q, method="fdr_bh")."""
    found = discoveries(dict(enumerate(PS)), q)

    assert found == set(range(stay))


def test_a_large_p_below_its_rank_keeps_the_smaller_ones() -> None:
    assert discoveries({"a": 0.05, "b": 0.06, "c": 0.07}, 0.1) == {"a", "b", "c"}
    assert discoveries({"a": 0.2}, 0.1) == set()
    assert discoveries({}, 0.1) == set()


@given(ps=st.dictionaries(st.integers(), st.floats(0, 1), max_size=30), q=st.floats(0.01, 0.5))
def test_what_stays_has_smaller_chances_than_what_does_not(ps: dict[int, float], q: float) -> None:
    found = discoveries(ps, q)

    assert all(p <= q for key, p in ps.items() if key in found)
    assert max((ps[key] for key in found), default=0) <= min(
        (p for key, p in ps.items() if key not in found), default=1
    )
    assert {key for key, p in ps.items() if p <= q / max(len(ps), 1)} <= found


def test_groups_of_unlike_size_hide_no_difference() -> None:
    """In either group the treated are ahead by ten points, and all together they seem behind: Simpson's reversal."""
    cells = [(Arm(1000, 200), Arm(100, 10)), (Arm(100, 80), Arm(1000, 700))]

    found = stratified(cells, least=10)
    plain = newcombe(Arm(1100, 280), Arm(1100, 710))

    assert found is not None
    assert plain is not None
    assert found[0].value == pytest.approx(0.1)
    assert found[0].lower > 0 > plain.upper


def test_small_groups_are_taken_together_and_too_small_ones_are_left_out() -> None:
    large, small = (Arm(100, 20), Arm(100, 10)), (Arm(6, 6), Arm(6, 0))

    assert stratified([large, small, small], least=10) == stratified([large, (Arm(12, 12), Arm(12, 0))], least=10)
    assert stratified([large, (Arm(9, 9), Arm(0, 0))], least=10) == stratified([large], least=10)
    assert stratified([small], least=10) is not None
    assert stratified([(Arm(9, 9), Arm(0, 0))], least=10) is None
    assert stratified([], least=10) is None


@given(cells=CELLS)
def test_a_difference_within_groups_lies_between_those_of_its_groups_and_turns_with_the_arms(
    cells: list[tuple[Arm, Arm]],
) -> None:
    found = stratified(cells, least=1)
    turned = stratified([(held, treated) for treated, held in cells], least=1)

    assert found is not None
    assert turned is not None
    each = [treated.x / treated.n - held.x / held.n for treated, held in cells]
    assert min(each) - 1e-9 <= found[0].value <= max(each) + 1e-9
    assert found[0].lower < found[0].value < found[0].upper
    assert turned[0].value == pytest.approx(-found[0].value)
    assert turned[1] == pytest.approx(found[1])


def test_a_limit_moves_the_bounds_and_the_chance_follows_the_error() -> None:
    found = stratified([(Arm(1000, 100), Arm(1000, 60))], least=10)

    assert found is not None
    assert at_limit(*found, 1.96) == found[0]
    wide = at_limit(*found, 2.014)
    assert wide.lower < found[0].lower < found[0].upper < wide.upper
    assert p_value(*found) == pytest.approx(0.00099, abs=1e-6)
    assert p_value(at_limit(found[0], 0.0, 1.0), 0.0) == 1.0


@pytest.mark.parametrize(
    ("base", "mde", "share", "outcomes"),
    [(0.05, 0.02, 0.5, 4_414), (0.05, 0.05, 0.1, 1_804), (0.05, 0.05, 0.5, 863), (0.97, 0.05, 0.5, 183)],
)
def test_a_plan_needs_so_many_outcomes(base: float, mde: float, share: float, outcomes: int) -> None:
    assert sample(base, mde, share) == outcomes


@pytest.mark.parametrize(
    ("base", "mde", "share"), [(0.05, 0.0, 0.1), (0.05, 0.02, 0.0), (0.05, 0.02, 1.0), (-1, 0.1, 0.1)]
)
def test_no_plan_without_a_difference_or_an_arm(base: float, mde: float, share: float) -> None:
    with pytest.raises(ValueError, match="shares between 0 and 1"):
        sample(base, mde, share)


def test_a_planned_sample_finds_its_difference_four_times_in_five() -> None:
    random, n = Random(7), sample(0.1, 0.05, 0.5) // 2
    found = 0
    for _run in range(400):
        arms = [Arm(n, sum(random.random() < rate for _one in range(n))) for rate in (0.15, 0.1)]
        interval = newcombe(arms[0], arms[1])
        found += bool(interval and interval.lower > 0)

    assert 0.75 <= found / 400 <= 0.86
