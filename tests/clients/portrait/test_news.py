"""What clients read and what is said of their securities, feature by feature as the definitions say."""

from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from typing import Any

import pytest

from clients.register.models import Client, Consent
from clients.shared import clock
from tests import factories as make
from tests.clients.portrait.happenings import ago, event, taken_back, told
from tests.clients.portrait.one_night import Rows, rows_of_a_night
from tests.clients.portrait.screen import Event, happen

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("news")]  # the night is shared

EXPECTED: dict[str, dict[str, Any]] = {
    "nobody": {
        "news_pref_set": False, "news_push_opt_in": False, "news_push_opt_out_1d": False, "news_read_cnt_7d": 0,
        "news_read_cnt_30d": 0, "news_read_cnt_prev_30d": 0, "news_push_sent_cnt_14d": 0,
        "news_push_open_rate_14d": None, "top_sector_view_days_7d": 0, "held_related_news_cnt_1d": 0,
        "watch_research_cnt_1d": 0, "held_major_announcement_cnt_1d": 0, "held_major_announcement_cnt_7d": 0,
        "held_earnings_warning_cnt_1d": 0, "held_rating_down_cnt_7d": 0, "held_probe_cnt_1d": 0,
        "held_reduction_cnt_1d": 0, "sector_policy_news_cnt_1d": None, "held_probe_cnt_1d__key": None,
    },
    "agrees": {"news_push_opt_in": True, "news_push_opt_out_1d": False, "news_pref_set": True},
    "stopped": {"news_push_opt_in": False, "news_push_opt_out_1d": True},
    "stopped_before": {"news_push_opt_in": False, "news_push_opt_out_1d": False},
    "never_agreed": {"news_push_opt_in": False, "news_push_opt_out_1d": False},
    "stops_tomorrow": {"news_push_opt_in": True, "news_push_opt_out_1d": False},
    # An article read twice is one article; the 30 days before are those from 60 to 31 days ago.
    "reader": {"news_read_cnt_7d": 2, "news_read_cnt_30d": 3, "news_read_cnt_prev_30d": 2},
    "pushed": {"news_push_sent_cnt_14d": 3, "news_push_open_rate_14d": Decimal("0.333333")},
    # Liquor four times on two days and banks four times on one: equal, so the first by name of the industry.
    "looker": {"top_sector_view_days_7d": 2},
    # Told twice in a day is one announcement; a rumour is none. A dividend is not major, a probe is listed apart.
    "holder": {
        "held_major_announcement_cnt_1d": 1, "held_major_announcement_cnt_1d__key": "600001.SH/a1",
        "held_major_announcement_cnt_7d": 3, "held_major_announcement_cnt_7d__key": "600001.SH/news:12:1",
        "held_probe_cnt_1d": 1, "held_probe_cnt_1d__key": "600001.SH/news:12:1",
        "held_reduction_cnt_1d": 0, "held_earnings_warning_cnt_1d": 0, "held_related_news_cnt_1d": 4,
    },
    "worried": {
        "held_earnings_warning_cnt_1d": 1, "held_earnings_warning_cnt_1d__key": "600002.SH/w1",
        "held_reduction_cnt_1d": 1, "held_reduction_cnt_1d__key": "600002.SH/w2",
        "held_major_announcement_cnt_1d": 0, "held_major_announcement_cnt_7d": 2,
    },
    "researcher": {"watch_research_cnt_1d": 1},
    # Six holdings: the smallest is none of the five. Upgrades, first ratings and other houses' views are none.
    "rated": {"held_rating_down_cnt_7d": 2, "held_rating_down_cnt_7d__key": "600036.SH/news:46:1"},
}  # fmt: skip


def build() -> Mapping[str, Client]:
    """Everybody of EXPECTED, what he reads and what is said of his securities."""
    who = {name: make.client(name) for name in EXPECTED}
    _consents(who)
    _reading(who)
    _announcements(who["holder"], who["worried"])
    _research(who["researcher"])
    _ratings(who["rated"])
    return who


def _consents(who: Mapping[str, Client]) -> None:
    for name, given, back in [
        ("agrees", True, 100),
        ("stopped", True, 100),
        ("stopped", False, 0),
        ("stopped_before", True, 100),
        ("stopped_before", False, 1),
        ("never_agreed", False, 0),
        ("stops_tomorrow", True, 100),
        ("stops_tomorrow", False, -1),
    ]:
        at = clock.at_shanghai(ago(back), time(9))
        Consent.objects.create(
            client=who[name], purpose=Consent.Purpose.PERSONALISATION, version="v1", at=at, given=given, channel="app"
        )
    happen(Event(who["agrees"], "news_preferences_saved", 300))


def _reading(who: Mapping[str, Client]) -> None:
    read = {0: "1", 1: "1", 6: "2", 29: "3", 30: "4", 31: "5", 60: "6", 61: "7"}
    liquor, bank = make.security("600519", industry="白酒"), make.security("601398", name="工商银行", industry="银行")
    told(liquor, 70, back=5)
    told(bank, 71, back=5, role="mentioned")
    happen(
        *[Event(who["reader"], "article_viewed", back, properties={"article_id": n}) for back, n in read.items()],
        *[Event(who["pushed"], "news_push_delivered", back, properties={"push_id": back}) for back in (0, 5, 13, 14)],
        Event(who["pushed"], "news_push_delivered", 0, 12, properties={"push_id": 0}),
        *[Event(who["pushed"], "news_push_opened", back, properties={"push_id": back}) for back in (5, 14)],
        *[Event(who["looker"], "stock_viewed", properties={"symbol": "601398.SH"}) for _ in range(4)],
        *[Event(who["looker"], "stock_viewed", 6, properties={"symbol": "600519.SH"}) for _ in range(3)],
        *[Event(who["looker"], "article_viewed", 2, properties={"article_id": n}) for n in (70, 71)],
        *[Event(who["looker"], "stock_viewed", 7, properties={"symbol": "600519.SH"}) for _ in range(9)],
    )


def _announcements(holder: Client, worried: Client) -> None:
    mine, theirs = make.security("600001", name="我的"), make.security("600002", name="他的")
    make.position(holder, mine)
    make.position(worried, theirs)
    event(mine, "suspend", "a1")
    told(mine, 11, "suspend", article_kind="announcement")
    told(mine, 12, "probe", article_kind="announcement")
    event(mine, "tender", "a2", 6)
    event(mine, "tender", "a3", 7)
    event(mine, "dividend", "a4")
    told(mine, 13, "reduction", article_kind="news")
    taken_back(told(mine, 14, "reduction", article_kind="announcement"))
    told(mine, 15, "news", 1, 15, role="mentioned")
    told(mine, 16, "news", 1, 16, article_kind="flash", role="mentioned")
    event(theirs, "earnings_warning", "w1")
    event(theirs, "reduction", "w2")
    event(theirs, "reduction", "w3", 9)


def _research(researcher: Client) -> None:
    watched, other = make.security("600011", name="自选"), make.security("600012", name="别的")
    symbols = [{"symbol": "600011.SH"}, {"symbol": "600012.SH"}]
    happen(
        *[Event(researcher, "watchlist_added", 9, properties=symbol) for symbol in symbols],
        Event(researcher, "watchlist_removed", 8, properties=symbols[1]),
    )
    told(watched, 30, article_kind="research")
    told(watched, 31, article_kind="news")
    told(watched, 32, back=1, article_kind="research")
    told(watched, 33, article_kind="research", role="mentioned")
    told(other, 34, article_kind="research")


def _ratings(rated: Client) -> None:
    stocks = [make.security(f"60003{n}", name=f"评级{n}") for n in range(1, 7)]
    for value, stock in enumerate(stocks, start=1):
        make.position(rated, stock, market_value=Decimal(1000 * value))
    smallest, raised, first, twice, other, newest = stocks
    for stock, article, back, rating, source in [
        (smallest, 40, 30, "buy", "A"),
        (smallest, 41, 1, "hold", "A"),
        (raised, 42, 30, "hold", "A"),
        (raised, 43, 1, "add", "A"),
        (first, 44, 1, "reduce", "A"),
        (newest, 45, 90, "buy", "A"),
        (newest, 46, 0, "hold", "A"),
        (twice, 47, 60, "add", "A"),
        (twice, 48, 6, "reduce", "A"),
        (twice, 49, 7, "hold", "A"),
        (other, 50, 30, "buy", "A"),
        (other, 51, 1, "hold", "B"),
    ]:
        told(stock, article, back=back, rating=rating, source=source, article_kind="research")


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Everybody's row after one night."""
    return rows_of_a_night(build, "news", tmp_path_factory.mktemp("news"), django_db_blocker)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_features_are_as_their_definitions_say(rows: Rows, name: str) -> None:
    row = rows[name]

    assert {feature: row[feature] for feature in EXPECTED[name]} == EXPECTED[name]
