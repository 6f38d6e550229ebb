"""When, where, with what, how long and how clients visit, feature by feature as the definitions say.

The data day is Friday, 2026-11-20.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from clients.register.models import Client
from tests import factories as make
from tests.clients.portrait.one_night import Rows, rows_of_a_night
from tests.clients.portrait.screen import Event, happen

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("visits")]  # the night is shared

HOME, AWAY = "合肥", "三亚"
EXPECTED: dict[str, dict[str, Any]] = {
    "nobody": {
        "visit_cnt_7d": 0, "visit_cnt_30d": 0, "visit_cnt_90d": 0, "visit_days_30d": 0, "form_exit_cnt_30d": 0,
        "days_since_last_visit_90d": None, "visit_band_90d": None, "visit_night_share_90d": None,
        "visit_city_changed_7d": None, "visit_platform_switched_30d": None, "device_new_7d": None,
        "visit_length_trend_30d": None, "visit_exit_page_30d": None, "form_exit_cnt_30d__key": None,
        "visit_gap_avg_90d": None, "visit_first_hour_90d": None,
    },
    # Days 0, 6, 7, 29, 30, 89 and 90 ago: the last lies outside of every window. Twice on the data day.
    # Gaps of 6, 1, 22, 1 and 59 days: 89 / 5, and the root of 2418.8 / 5.
    "regular": {
        "visit_cnt_7d": 3, "visit_cnt_30d": 5, "visit_cnt_90d": 7, "visit_days_30d": 4, "days_since_last_visit_90d": 0,
        "visit_gap_avg_90d": Decimal("17.8"), "visit_gap_dev_90d": Decimal("21.994545"), "visit_first_hour_90d": 9,
    },
    # 8:59, 9:00, 11:30, 13:00, 15:00, 21:00: one in each part of the day, of equals the earliest.
    "all_day": {
        "visit_band_90d": "early", "visit_band_share_90d": Decimal("0.166667"),
        "visit_night_share_90d": Decimal("0.166667"), "visit_before_open_share_90d": Decimal("0.166667"),
        "visit_in_session_share_90d": Decimal("0.333333"), "visit_after_close_share_90d": Decimal("0.333333"),
        "visit_weekend_share_90d": 0,
    },
    # Saturday and Sunday in hours of trading, Friday at night twice.
    "owl": {
        "visit_band_90d": "night", "visit_band_share_90d": Decimal("0.5"), "visit_night_share_90d": Decimal("0.5"),
        "visit_weekend_share_90d": Decimal("0.5"), "visit_in_session_share_90d": 0,
        "visit_after_close_share_90d": Decimal("0.5"),
    },
    "traveller": {
        "visit_city_90d": HOME, "visit_city_share_90d": Decimal("0.75"), "visit_city_changed_7d": True,
        "visit_city_cnt_30d": 2,
    },
    "returned": {"visit_city_90d": HOME, "visit_city_changed_7d": False, "visit_city_cnt_30d": 2},
    "unlocated": {"visit_city_90d": None, "visit_city_share_90d": None, "visit_city_cnt_30d": None},
    # app twice and pc once before, web now: of equals pc comes before web.
    "switcher": {
        "visit_platform_90d": "app", "visit_platform_second_90d": "pc", "visit_platform_share_90d": Decimal("0.5"),
        "visit_platform_switched_30d": True, "visit_device_90d": "Android", "visit_device_second_90d": "PC",
        "visit_device_share_90d": Decimal("0.666667"), "visit_os_90d": "Android", "device_new_7d": True,
    },
    "faithful": {"visit_platform_switched_30d": False, "visit_platform_second_90d": None, "device_new_7d": False},
    # 30 days: 60, 120 and 600 seconds; before: 240 and 240. The median of all five is 240.
    "slower": {
        "visit_length_median_30d": 120, "visit_length_median_90d": 240, "visit_length_trend_30d": Decimal("0.5"),
        "visit_pages_avg_30d": Decimal("1.333333"), "visit_one_page_share_30d": Decimal("0.666667"),
    },
    "seldom": {"visit_length_median_30d": 60, "visit_length_trend_30d": None},
    "left": {
        "form_exit_cnt_30d": 2, "form_exit_cnt_30d__key": "fee_change", "days_since_form_exit_30d": 3,
        "visit_exit_page_30d": "help",
    },
    "finished": {"form_exit_cnt_30d": 0, "days_since_form_exit_30d": None, "visit_exit_page_30d": "other"},
}  # fmt: skip


def build() -> Mapping[str, Client]:
    """Everybody of EXPECTED and what he did."""
    who = {name: make.client(name) for name in EXPECTED}
    happen(
        *[Event(who["regular"], "search", back, 9) for back in (0, 6, 7, 29, 30, 89, 90)],
        Event(who["regular"], "search", 0, 14),
        *[Event(who["all_day"], "search", 0, hour, minute=minute) for hour, minute in _HOURS],
        *[Event(who["owl"], "search", back, hour) for back, hour in [(0, 21), (1, 23), (5, 10), (6, 14)]],
        *_travels(who),
        *_devices(who),
        *_lengths(who),
        *_forms(who),
    )
    return who


_HOURS = [(8, 59), (9, 30), (11, 30), (13, 0), (15, 0), (21, 0)]


def _travels(who: Mapping[str, Client]) -> list[Event]:
    return [
        *[Event(who["traveller"], "search", back, city=HOME) for back in (7, 8, 40)],
        Event(who["traveller"], "search", 1, city=AWAY),
        *[Event(who["returned"], "search", back, city=city) for back, city in [(0, HOME), (2, AWAY), (20, HOME)]],
        Event(who["unlocated"], "search", 2),
    ]


def _devices(who: Mapping[str, Client]) -> list[Event]:
    switcher, faithful = who["switcher"], who["faithful"]
    phone: dict[str, Any] = {"kind": "Android", "os": "Android", "device": "d1"}
    return [
        *[Event(switcher, "signed_in", back, channel="app", **phone) for back in (30, 60)],
        Event(switcher, "signed_in", 50, channel="pc", kind="PC", os="Windows", device="d2"),
        Event(switcher, "signed_in", 6, channel="web", device="d3"),
        *[Event(faithful, "signed_in", back, device="d4") for back in (0, 6, 80)],
    ]


def _lengths(who: Mapping[str, Client]) -> list[Event]:
    lengths = {1: 1, 2: 2, 3: 10, 40: 4, 50: 4}  # minutes by days ago
    ends = [Event(who["slower"], "help_viewed", back, minute=minutes) for back, minutes in lengths.items()]
    return [
        *[Event(who["slower"], "search", back) for back in lengths],
        *ends,
        Event(who["slower"], "stock_viewed", 3, minute=5),
        *[Event(who["seldom"], "search", 3, minute=minute) for minute in (0, 1)],
    ]


def _forms(who: Mapping[str, Client]) -> list[Event]:
    left, finished = who["left"], who["finished"]
    fee, bank = {"form": "fee_change"}, {"form": "bank_change"}
    return [
        *[Event(left, "form_opened", back, properties=about) for back, about in [(3, fee), (9, bank), (30, bank)]],
        # Sent in another visit of the day: it was left all the same.
        Event(left, "form_submitted", 3, 12, properties=fee),
        Event(left, "help_viewed", 3, 12, minute=5),
        Event(finished, "form_opened", 2, properties=bank),
        Event(finished, "form_submitted", 2, minute=10, properties=bank),
        Event(finished, "", 2, minute=12, type="page"),
    ]


@pytest.fixture(scope="module")
def night(tmp_path_factory: Any, django_db_setup: None, django_db_blocker: Any) -> Rows:
    """Everybody's row."""
    return rows_of_a_night(build, "visits", tmp_path_factory.mktemp("visits"), django_db_blocker)


@pytest.mark.parametrize("name", EXPECTED)
def test_everybody_s_visits_are_told_as_the_definitions_say(night: Rows, name: str) -> None:
    assert {feature: night[name][feature] for feature in EXPECTED[name]} == EXPECTED[name]
