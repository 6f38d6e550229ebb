"""What counts as usual after days without a run."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kpm.strategies.usual import usual_count

MONDAY = date(2026, 9, 7)
WEEK = [MONDAY + timedelta(days=n) for n in range(5)]
NEXT_MONDAY = MONDAY + timedelta(days=7)
FOUR_WEEKS = [MONDAY + timedelta(days=7 * week + n) for week in range(4) for n in range(5)]
AFTER_EIGHT_DAYS = FOUR_WEEKS[-1] + timedelta(days=8)


def counted(of_monday: int, of_others: int) -> dict[date, int]:
    return {day: of_monday if day.weekday() == 0 else of_others for day in FOUR_WEEKS}


def test_of_what_happened_since_the_last_run_a_week_of_holidays_brings_as_many_days() -> None:
    happened = usual_count(counted(30, 10), AFTER_EIGHT_DAYS, FOUR_WEEKS)

    assert happened == 10 * 8


def test_of_how_things_stand_a_pause_brings_no_more() -> None:
    stands = usual_count(counted(10, 10), AFTER_EIGHT_DAYS, FOUR_WEEKS)

    assert stands == 10


def test_half_of_it_grows_by_half() -> None:
    assert usual_count(counted(20, 10), AFTER_EIGHT_DAYS, FOUR_WEEKS) == 10 * (1 + 0.5 * 7)


def test_without_a_pause_it_is_the_median() -> None:
    assert usual_count(counted(30, 10), FOUR_WEEKS[-1] + timedelta(days=1), FOUR_WEEKS) == 10


def test_a_version_that_has_seen_no_pause_yet_is_expected_to_find_as_much_as_ever() -> None:
    assert usual_count(dict.fromkeys(WEEK, 10), NEXT_MONDAY, WEEK) == 10


def test_days_on_which_it_found_nothing_are_no_pause() -> None:
    found = {day: n for day, n in counted(30, 10).items() if day.weekday() in (0, 4)}

    assert usual_count(found, AFTER_EIGHT_DAYS, FOUR_WEEKS) == 20 * 8  # the median of Mondays and Fridays


@given(st.dictionaries(st.sampled_from(FOUR_WEEKS), st.integers(1, 10_000), min_size=5))
def test_it_lies_between_the_median_and_one_median_for_each_day(found: dict[date, int]) -> None:
    plain = usual_count(found, FOUR_WEEKS[-1] + timedelta(days=1), FOUR_WEEKS)

    paused = usual_count(found, AFTER_EIGHT_DAYS, FOUR_WEEKS)

    assert plain <= paused <= 8 * plain
