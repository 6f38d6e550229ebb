"""What clients look at, feature by feature as the definitions say. The data day is Friday, 2026-11-20."""

from collections.abc import Mapping
from typing import Any

import pytest

from clients.behaviour.events import PLAN
from clients.portrait import catalogue
from clients.register.models import Client
from tests import factories as make
from tests.clients.portrait.one_night import Rows, rows_of_a_night
from tests.clients.portrait.screen import Event, happen

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("pages")]  # the night is shared

KINDS = {meaning.page: meaning.name for meaning in PLAN if meaning.page}
EXPECTED: dict[str, dict[str, Any]] = {
    "nobody": {
        **{f"page_{kind}_cnt_30d": 0 for kind in KINDS}, **{f"days_since_page_{kind}_90d": None for kind in KINDS},
        **{f"page_{kind}_dwell_30d": None for kind in KINDS}, "page_fee_days_30d": 0, "page_margin_days_30d": 0,
        "search_cnt_30d": 0, "search_empty_cnt_30d": 0, "security_seen_cnt_30d": 0, "security_run_days_30d": 0,
        "security_run_days_30d__key": None, "page_dwell_30d": None,
    },
    # Each kind of page 29, 30 and 89 days ago, the first for two seconds.
    "curious": {
        **{f"page_{kind}_cnt_30d": 1 for kind in KINDS}, **{f"days_since_page_{kind}_90d": 29 for kind in KINDS},
        **{f"page_{kind}_dwell_30d": 2 for kind in KINDS}, "page_dwell_30d": 2 * len(KINDS),
    },
    "long_ago": {"page_help_cnt_30d": 0, "days_since_page_help_90d": 89, "days_since_page_fee_90d": None},
    "payer": {"page_fee_cnt_30d": 4, "page_fee_days_30d": 2, "page_margin_days_30d": 1},
    # A page that was kept in sight was seen for longer, not more often.
    "reader": {"page_holdings_cnt_30d": 1, "page_holdings_dwell_30d": 5, "page_dwell_30d": 9},
    "searcher": {"search_cnt_30d": 5, "search_empty_cnt_30d": 2},
    # Monday to Friday one, Tuesday to Thursday the other.
    "faithful": {"security_seen_cnt_30d": 2, "security_run_days_30d": 5, "security_run_days_30d__key": "600519.SH"},
    # Thursday, Saturday (which belongs to Friday), Monday and Tuesday were four running, and on Thursday it was over.
    "over": {"security_seen_cnt_30d": 1, "security_run_days_30d": 0, "security_run_days_30d__key": None},
    "over_the_weekend": {"security_run_days_30d": 6},
    "until_yesterday": {"security_run_days_30d": 3, "security_run_days_30d__key": "000001.SZ"},
    "equal": {"security_run_days_30d": 1, "security_run_days_30d__key": "000001.SZ"},
}  # fmt: skip


def build() -> Mapping[str, Client]:
    """Everybody of EXPECTED and what he did."""
    who = {name: make.client(name) for name in EXPECTED}
    happen(
        *[Event(who["curious"], event, 29, properties={"dwell_ms": 2000}) for event in KINDS.values()],
        *[Event(who["curious"], event, back) for event in KINDS.values() for back in (30, 89)],
        *[Event(who["long_ago"], event, back) for event, back in [("help_viewed", 89), ("commission_page_viewed", 90)]],
        *[Event(who["payer"], "commission_page_viewed", back) for back in (1, 1, 8, 8, 31)],
        Event(who["payer"], "margin_page_viewed", 8),
        *_reading(who["reader"]),
        *[Event(who["searcher"], "search", properties={"results": n}) for n in (0, 0, 3)],
        *[Event(who["searcher"], name, back) for name, back in [("search", 29), ("search", 1), ("search_empty", 30)]],
        *_runs(who),
    )
    return who


def _reading(reader: Client) -> list[Event]:
    kept = {"page": "holdings_viewed", "visible_ms": 2000}
    return [
        Event(reader, "holdings_viewed", properties={"dwell_ms": 1000}),
        *[Event(reader, name, minute=1, properties=kept) for name in ("page_left", "page_kept")],
        Event(reader, "page_left", minute=2, properties={"page": "home_me", "visible_ms": 4000}),
    ]


def _runs(who: Mapping[str, Client]) -> list[Event]:
    days = {
        ("faithful", "600519.SH"): range(5), ("faithful", "000001.SZ"): range(1, 4),
        ("over", "600519.SH"): (3, 4, 6, 8),
        ("over_the_weekend", "600519.SH"): (0, 1, 2, 3, 4, 6), ("until_yesterday", "000001.SZ"): (1, 2, 3),
        ("equal", "600519.SH"): (0, 7), ("equal", "000001.SZ"): (0, 14),
    }  # fmt: skip
    return [
        Event(who[name], "stock_viewed", back, properties={"symbol": symbol})
        for (name, symbol), backs in days.items()
        for back in backs
    ]


@pytest.fixture(scope="module")
def night(tmp_path_factory: Any, django_db_setup: None, django_db_blocker: Any) -> Rows:
    """Everybody's row."""
    return rows_of_a_night(build, "pages", tmp_path_factory.mktemp("pages"), django_db_blocker)


@pytest.mark.parametrize("name", EXPECTED)
def test_everybody_s_pages_are_told_as_the_definitions_say(night: Rows, name: str) -> None:
    assert {feature: night[name][feature] for feature in EXPECTED[name]} == EXPECTED[name]


def test_every_kind_of_page_of_the_plan_has_its_features() -> None:
    names = {feature.name for feature in catalogue.features()}

    assert {f"page_{kind}_cnt_30d" for kind in KINDS} <= names
