"""The trading calendar: what 2026 was, what is only guessed, and what nobody knows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from clients.market import calendar as market
from clients.market.calendar import (
    OutsideCalendar,
    ProvisionalDay,
    calendar,
    going_by,
    last_trading_day,
    replace_year,
    seeded,
)
from clients.market.models import TradingDay

pytestmark = pytest.mark.django_db
# DOMAIN 5.2: the 19 weekdays of 2026 on which the mainland does not trade; three packages agree.
CLOSED_2026 = [
    "01-01", "01-02", "02-16", "02-17", "02-18", "02-19", "02-20", "02-23", "04-06", "05-01", "05-04", "05-05",
    "06-19", "09-25", "10-01", "10-02", "10-05", "10-06", "10-07",
]  # fmt: skip
MADE_UP_WORKDAYS = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
HONGKONG_CLOSED_ALONE = ["04-03", "04-07", "05-25", "07-01", "10-19", "12-25"]
EVE, FIRST_DAY_OF_THE_HORSE = date(2026, 2, 13), date(2026, 2, 24)
NOTICE_2027 = {date(2027, 2, 8) + timedelta(days=n) for n in range(5)} | {date(2027, 1, 1), date(2027, 10, 4)}


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """A calendar read inside a test that is rolled back must not be remembered."""
    market._load.cache_clear()
    yield
    market._load.cache_clear()


def of_2026(days: list[str]) -> set[date]:
    return {date.fromisoformat(f"2026-{day}") for day in days}


def weekdays(year: int) -> list[date]:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    return [day for day in days if day.weekday() < 5]


def wrong_numbers(exchange: str) -> list[date]:
    """The days whose running number is not that of the day before, plus one if open."""
    rows = list(TradingDay.objects.filter(exchange=exchange).order_by("day"))
    numbers = accumulate(int(row.is_open) for row in rows)
    return [row.day for row, number in zip(rows, numbers, strict=True) if row.number != number]


@pytest.mark.parametrize("exchange", ["SH", "SZ", "BJ"])
def test_the_mainland_closed_on_exactly_these_weekdays_of_2026(exchange: str) -> None:
    cal = calendar(exchange)

    closed = {day for day in weekdays(2026) if not cal.is_open(day, certain=True)}

    assert closed == of_2026(CLOSED_2026)
    assert cal.count(date(2025, 12, 31), date(2026, 12, 31)) == 242


@pytest.mark.parametrize("day", MADE_UP_WORKDAYS)
def test_a_weekend_never_trades_whatever_the_civil_calendar_says(day: str) -> None:
    assert not calendar().is_open(date.fromisoformat(f"2026-{day}"))


def test_hong_kong_and_the_mainland_close_on_different_days() -> None:
    mainland, hongkong = calendar("SH"), calendar("HK")

    alone = {day for day in weekdays(2026) if mainland.is_open(day) and not hongkong.is_open(day)}
    other = {day for day in weekdays(2026) if hongkong.is_open(day) and not mainland.is_open(day)}

    assert alone == of_2026(HONGKONG_CLOSED_ALONE)
    assert len(other) == 11


@pytest.mark.parametrize(
    ("day", "n", "found"),
    [
        (EVE, 1, FIRST_DAY_OF_THE_HORSE),
        (date(2026, 2, 18), 1, FIRST_DAY_OF_THE_HORSE),
        (date(2026, 2, 18), 0, EVE),
        (date(2026, 2, 18), -1, EVE),
        (FIRST_DAY_OF_THE_HORSE, -1, EVE),
        (FIRST_DAY_OF_THE_HORSE, 0, FIRST_DAY_OF_THE_HORSE),
        (date(2026, 9, 30), 2, date(2026, 10, 9)),
        (date(2026, 11, 20), -20, date(2026, 10, 23)),
    ],
)
def test_shifting_by_trading_days_steps_over_the_holidays(day: date, n: int, found: date) -> None:
    assert calendar().shift(day, n) == found


def test_counting_leaves_out_the_first_day_and_keeps_the_last() -> None:
    cal = calendar()

    assert cal.count(EVE, FIRST_DAY_OF_THE_HORSE) == 1
    assert cal.count(EVE, date(2026, 2, 23)) == 0
    assert cal.count(FIRST_DAY_OF_THE_HORSE, EVE) == -1
    assert cal.count(EVE, EVE) == 0


def test_a_window_ends_on_its_day_or_before_and_is_short_at_the_beginning_of_time() -> None:
    cal = calendar()

    assert cal.window(FIRST_DAY_OF_THE_HORSE, 3) == [date(2026, 2, 12), EVE, FIRST_DAY_OF_THE_HORSE]
    assert cal.window(date(2026, 2, 22), 2) == [date(2026, 2, 12), EVE]
    assert cal.window(date(1990, 12, 20), 5) == [date(1990, 12, 19), date(1990, 12, 20)]


def test_shift_count_and_window_agree_with_each_other() -> None:
    cal = calendar()

    for n in (1, 7, 60, 250):
        later = cal.shift(EVE, n)
        assert cal.count(EVE, later) == n
        assert cal.window(later, n + 1)[0] == EVE
        assert cal.shift(later, -n) == EVE


def test_a_provisional_day_may_set_a_date_and_carries_no_fact() -> None:
    cal, day = calendar(), date(2027, 3, 1)

    assert cal.is_open(day)
    assert cal.shift(date(2026, 12, 31), 1) == date(2027, 1, 4)
    for question in (cal.is_open, cal.last_open):
        with pytest.raises(ProvisionalDay, match="only provisional"):
            question(day, certain=True)
    with pytest.raises(ProvisionalDay, match="2027-01-04"):
        cal.shift(date(2026, 12, 31), 1, certain=True)
    assert cal.last_certain == date(2026, 12, 31)


@pytest.mark.parametrize("day", [date(1990, 12, 18), date(2029, 1, 1)])
def test_outside_the_table_every_question_raises(day: date) -> None:
    cal = calendar()

    for question in (
        lambda: cal.is_open(day),
        lambda: cal.last_open(day),
        lambda: cal.shift(day, 1),
        lambda: cal.count(day, EVE),
        lambda: cal.count(EVE, day),
        lambda: cal.window(day, 3),
    ):
        with pytest.raises(OutsideCalendar, match="lies outside"):
            question()


@pytest.mark.parametrize(("day", "n"), [(date(2028, 12, 29), 1), (date(1990, 12, 19), -1)])
def test_a_shift_over_the_edge_raises(day: date, n: int) -> None:
    with pytest.raises(OutsideCalendar, match="outside the calendar of SH"):
        calendar().shift(day, n)


def test_an_exchange_without_a_calendar_raises() -> None:
    with pytest.raises(OutsideCalendar, match="no calendar for OTC"):
        calendar("OTC")


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 11, 22, 2, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 19, 16, 30, tzinfo=UTC), date(2026, 11, 19)),  # half past midnight in Shanghai
        (datetime(2026, 11, 20, 9, 59, tzinfo=UTC), date(2026, 11, 19)),  # 17:59: not settled yet
        (datetime(2026, 11, 20, 10, 0, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2027, 3, 1, 2, tzinfo=UTC), date(2026, 12, 31)),
    ],
)
def test_the_last_trading_day_is_certain_and_settled(now: datetime, day: date) -> None:
    assert last_trading_day(now) == day


@pytest.mark.parametrize("exchange", ["SH", "BJ", "HK"])
def test_the_running_number_counts_open_days_and_no_day_is_missing(exchange: str) -> None:
    rows = list(TradingDay.objects.filter(exchange=exchange).order_by("day"))

    assert wrong_numbers(exchange) == []
    assert [row.day for row in rows] == [rows[0].day + timedelta(days=n) for n in range(len(rows))]


def test_the_notice_of_a_year_makes_it_certain_and_adds_another_guess(django_capture_on_commit_callbacks: Any) -> None:
    before = calendar()
    guessed = {day for day in weekdays(2027) if before.is_open(day)}

    with django_capture_on_commit_callbacks(execute=True):
        changed = replace_year(exchange="SH", year=2027, closed=NOTICE_2027, source="notice of 2026-12-20")

    after = calendar()
    certain = {day for day in weekdays(2027) if after.is_open(day, certain=True)}
    assert certain == set(weekdays(2027)) - NOTICE_2027
    assert changed == len(certain ^ guessed) > 0
    assert after.last_certain == date(2027, 12, 31)
    assert after.last == date(2029, 12, 31)
    assert after.shift(date(2027, 2, 5), 1, certain=True) == date(2027, 2, 15)
    assert wrong_numbers("SH") == []
    assert set(TradingDay.objects.filter(exchange="SH", day__year=2027).values_list("provisional", "source")) == {
        (False, "notice of 2026-12-20")
    }


def test_the_other_exchanges_and_the_past_stay_as_they_were(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        replace_year(exchange="SH", year=2027, closed=NOTICE_2027, source="notice")

    assert calendar("SZ").last_certain == date(2026, 12, 31)
    assert calendar("SH").count(date(2025, 12, 31), date(2026, 12, 31)) == 242


def test_the_same_notice_again_changes_no_day() -> None:
    replace_year(exchange="SH", year=2027, closed=NOTICE_2027, source="notice")

    assert replace_year(exchange="SH", year=2027, closed=NOTICE_2027, source="notice") == 0


def test_a_year_that_is_certain_before_the_one_in_between_carries_no_fact_yet(
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        replace_year(exchange="SH", year=2028, closed=set(), source="too early")

    assert calendar().last_certain == date(2026, 12, 31)


def test_a_year_beyond_the_table_is_refused_and_nothing_changes() -> None:
    with pytest.raises(OutsideCalendar, match="no rows for 2031"):
        replace_year(exchange="SH", year=2031, closed=set(), source="notice")

    assert calendar().last == date(2028, 12, 31)


@pytest.mark.parametrize("exchange", ["SH", "SZ", "BJ", "HK"])
def test_the_seeds_tell_the_calendar_that_an_installation_begins_with(exchange: str) -> None:
    assert seeded(exchange) == calendar(exchange)


def test_who_goes_by_a_calendar_asks_no_table_for_it(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    given = replace(calendar(), last_certain=date(2020, 1, 1))

    with going_by(given), django_assert_num_queries(0):
        within = calendar()

    assert within is given
    assert calendar() != given
