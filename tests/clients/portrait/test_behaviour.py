"""What clients do on screen, feature by feature as the definitions say."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from clients.market.models import Product
from clients.portrait import services
from clients.register.models import Client
from tests import factories as make
from tests.clients.portrait.one_night import Rows, only, rows_of_a_night
from tests.clients.portrait.screen import Event, happen
from tests.clients.portrait.world import DAY, now, run, value

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("behaviour")]  # the night is shared

HOME, AWAY = "合肥", "三亚"
EXPECTED: dict[str, dict[str, Any]] = {
    "nobody": {
        "product_view_cnt_7d": 0, "product_checkout_abandon_cnt_3d": 0, "login_days_30d": 0, "login_lock_cnt_1d": 0,
        "watchlist_count": 0, "max_stock_view_cnt_7d": 0, "hk_stock_view_cnt_30d": 0, "margin_page_view_cnt_30d": 0,
        "commission_page_view_cnt_7d": 0, "event_no_show_cnt_30d": 0, "new_device_login_1d": False,
        "login_city_changed_1d": False, "app_uninstalled_flag": False, "annual_statement_viewed": False,
        "viewed_product_risk_level": None, "days_since_last_login": None, "reactivated_after_days": None,
        "edu_course_progress_pct": None, "churn_score": None, "product_checkout_abandon_cnt_3d__key": None,
    },
    # Both products twice in the week: the first by number leads. What is held, and funds, are no stock not held.
    "viewer": {
        "product_view_cnt_7d": 4, "viewed_product_risk_level": 2, "max_stock_view_cnt_7d": 2,
        "hk_stock_view_cnt_30d": 2, "margin_page_view_cnt_30d": 2, "commission_page_view_cnt_7d": 2,
    },
    "buyer": {"product_checkout_abandon_cnt_3d": 2, "product_checkout_abandon_cnt_3d__key": "C3"},
    "regular": {"login_days_30d": 2, "days_since_last_login": 0, "reactivated_after_days": 29},
    "returned": {"login_days_30d": 1, "days_since_last_login": 2, "reactivated_after_days": 398},
    "once": {"login_days_30d": 0, "days_since_last_login": 700, "reactivated_after_days": None},
    "traveller": {"new_device_login_1d": True, "login_city_changed_1d": True, "login_lock_cnt_1d": 2},
    "local": {"new_device_login_1d": False, "login_city_changed_1d": False, "login_lock_cnt_1d": 0},
    # Nowhere is usual yet, so nowhere is unusual.
    "newcomer": {"new_device_login_1d": True, "login_city_changed_1d": False},
    # A single day does not make a city usual.
    "two_homes": {"login_city_changed_1d": True, "new_device_login_1d": False},
    "watcher": {"watchlist_count": 2},
    "absent": {"event_no_show_cnt_30d": 2},
    "pupil": {"edu_course_progress_pct": Decimal(20), "annual_statement_viewed": True},
    "no_account": {"edu_course_progress_pct": None, "annual_statement_viewed": False},
    "gone": {"app_uninstalled_flag": True},
    "reinstalled": {"app_uninstalled_flag": False},
    "lately": {"app_uninstalled_flag": False},
    "by_web": {"app_uninstalled_flag": True},
}  # fmt: skip
IDS: dict[str, str] = {}


def build() -> Mapping[str, Client]:
    """Everybody of EXPECTED and what he did."""
    who = {name: make.client(name) for name in EXPECTED}
    _views(who["viewer"])
    _purchases(who["buyer"])
    happen(
        *[Event(who["regular"], "signed_in", back, hour) for back in (0, 29, 30) for hour in (9, 15)],
        *[Event(who["returned"], "signed_in", back) for back in (2, 400)],
        Event(who["once"], "signed_in", 700),
    )
    _sign_ins(who)
    _lists(who["watcher"], who["absent"])
    _lessons(who["pupil"], who["no_account"])
    happen(
        *[Event(who[name], "push_unregistered", 40) for name in ("gone", "reinstalled", "lately", "by_web")],
        Event(who["gone"], "signed_in", 60),
        Event(who["reinstalled"], "signed_in", 35),
        Event(who["lately"], "signed_in", 29),
        Event(who["by_web"], "signed_in", 1, channel="web"),
    )
    return who


def _views(viewer: Client) -> None:
    make.position(viewer, make.security("600519"))
    make.security("600000", name="浦发银行")
    make.security("00700", "HK", name="腾讯控股")
    make.security("510300", name="沪深300ETF", type="etf")
    low, high = _product("D1", 2), _product("D2", 4)
    happen(
        *[Event(viewer, "product_viewed", back, properties=low) for back in (0, 6, 7)],
        *[Event(viewer, "product_viewed", 0, hour, properties=high) for hour in (9, 10)],
        *[Event(viewer, "stock_viewed", properties={"symbol": "600519.SH"}) for _ in range(4)],
        *[Event(viewer, "stock_viewed", back, properties={"symbol": "600000.sh"}) for back in (0, 6, 7)],
        *[Event(viewer, "stock_viewed", properties={"symbol": "510300.SH"}) for _ in range(5)],
        *[Event(viewer, "stock_viewed", back, properties={"symbol": "00700.HK"}) for back in (10, 29, 30)],
        *[Event(viewer, "margin_page_viewed", back) for back in (0, 29, 30)],
        *[Event(viewer, "commission_page_viewed", back) for back in (0, 6, 7)],
        *[Event(None, "commission_page_viewed"), Event(viewer, "something_else"), Event(viewer, "", type="page")],
    )


def _product(code: str, level: int) -> dict[str, str]:
    Product.objects.create(
        ta_code="99", product_code=code, as_of=DAY, name=code, kind="wealth", risk_level=level, status="on_sale",
        investor="any", doc_version="v1",
    )  # fmt: skip
    return {"ta_code": "99", "product_code": code}


def _purchases(buyer: Client) -> None:
    happen(
        *[Event(buyer, "checkout_started", 2, 9, {"checkout_id": name}) for name in ("C1", "C2")],
        Event(buyer, "checkout_started", 0, 9, {"checkout_id": "C3"}),
        Event(buyer, "checkout_started", 3, 9, {"checkout_id": "C0"}),
        Event(buyer, "order_submitted", 1, 9, {"checkout_id": "C2"}),
    )


def _sign_ins(who: Mapping[str, Client]) -> None:
    traveller, local, two_homes = who["traveller"], who["local"], who["two_homes"]
    settled = (traveller, local, two_homes)
    happen(
        *[Event(one, "signed_in", back, device="d1", city=HOME) for one in settled for back in (1, 89, 90)],
        *[Event(one, "signed_in", 20, device="d1", city=AWAY) for one in (local, two_homes)],
    )
    ids = happen(
        Event(traveller, "signed_in", device="d2", city=AWAY, hour=9),
        Event(traveller, "signed_in", device="d3", city=AWAY, hour=12),
        Event(local, "signed_in", device="d1", city=HOME),
        Event(two_homes, "signed_in", device="d1", city=AWAY),
        Event(who["newcomer"], "signed_in", device="d9", city=AWAY),
        Event(traveller, "sign_in_locked", hour=8),
        Event(traveller, "sign_in_locked", hour=9),
        Event(local, "sign_in_locked", 1),
    )
    IDS.update(new_device_login_1d=ids[1], login_city_changed_1d=ids[1], login_lock_cnt_1d=ids[6])


def _lists(watcher: Client, absent: Client) -> None:
    kept, gone, again = ({"symbol": f"60000{n}.SH"} for n in range(3))
    days = {"missed": 29, "earlier": 30, "joined": 5, "cancelled": 4, "today": 0, "tomorrow": -1}
    sessions = {name: {"starts_on": f"{DAY - timedelta(days=back)}", "webinar_id": name} for name, back in days.items()}
    happen(
        *[Event(watcher, "watchlist_added", 500, properties=symbol) for symbol in (kept, gone, again)],
        Event(watcher, "watchlist_added", 100, properties=kept),
        Event(watcher, "watchlist_removed", 0, 9, gone),
        Event(watcher, "watchlist_removed", 0, 9, again),
        Event(watcher, "watchlist_added", 0, 10, again),
        *[Event(absent, "webinar_registered", 40, properties=session) for session in sessions.values()],
        Event(absent, "webinar_joined", 5, properties=sessions["joined"]),
        Event(absent, "webinar_cancelled", 9, properties=sessions["cancelled"]),
    )


def _lessons(pupil: Client, no_account: Client) -> None:
    make.fund_account(pupil)
    happen(
        *[Event(pupil, "lesson_completed", back, properties={"lesson": f"{back}"}) for back in (0, 500)],
        Event(pupil, "lesson_completed", 3, properties={"lesson": "500"}),
        Event(pupil, "annual_statement_viewed", 200, properties={"year": DAY.year - 1}),
        Event(no_account, "lesson_completed", properties={"lesson": "0"}),
        Event(no_account, "annual_statement_viewed", 1, properties={"year": DAY.year - 2}),
    )


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Everybody's row after one night."""
    return rows_of_a_night(build, "behaviour", tmp_path_factory.mktemp("behaviour"), django_db_blocker)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_features_are_as_their_definitions_say(rows: Rows, name: str) -> None:
    row = rows[name]

    assert {feature: row[feature] for feature in EXPECTED[name]} == EXPECTED[name]


@pytest.mark.parametrize("feature", ["new_device_login_1d", "login_city_changed_1d", "login_lock_cnt_1d"])
def test_the_newest_event_is_the_key(rows: Rows, feature: str) -> None:
    assert (rows["traveller"][f"{feature}__key"], rows["local"][f"{feature}__key"]) == (IDS[feature], None)


def test_an_event_that_comes_late_joins_its_day_and_one_after_the_cutoff_is_not_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    only(monkeypatch, "behaviour")
    names = ("days_since_last_login", "login_days_30d", "commission_page_view_cnt_7d")
    bob = make.client("Bob")
    happen(Event(bob, "signed_in", 10))
    cutoff = now()
    run(DAY - timedelta(days=1), cutoff)
    version = run(cutoff=cutoff)

    happen(Event(bob, "signed_in", 3), Event(bob, "commission_page_viewed", 2))
    again = services.compute_features(day=DAY, cutoff=cutoff)
    before = [value(bob, name) for name in names]
    run()

    assert again == version
    assert before == [10, 1, 0]
    assert [value(bob, name) for name in names] == [3, 2, 1]


def test_the_next_night_rolls_up_only_the_days_that_changed(lake: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "behaviour")
    bob = make.client("Bob")
    happen(*[Event(bob, "signed_in", back) for back in (3, 1)])
    run()
    file = lake / "event_days" / f"day={date(2026, 11, 17)}" / "manifest.json"
    stamp = file.stat().st_mtime_ns

    happen(Event(bob, "signed_in"))
    run()

    assert file.stat().st_mtime_ns == stamp
    assert value(bob, "login_days_30d") == 3
