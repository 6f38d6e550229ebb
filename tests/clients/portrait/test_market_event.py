"""What happens to the securities that a client holds, feature by feature as the definitions say."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from clients.ledger.models import CashFlow
from clients.market.models import Security
from clients.register.models import Account, Client
from tests import factories as make
from tests.clients.portrait.happenings import ago, event, taken_back
from tests.clients.portrait.one_night import Rows, only, rows_of_a_night
from tests.clients.portrait.world import DAY, run, value

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("market_event")]  # the night is shared

# The data day is a Friday; the next days of trading are the 23rd, 24th, 25th, 26th and 27th.
EXPECTED: dict[str, dict[str, Any]] = {
    "nobody": {
        "held_newly_st_cnt_1d": 0, "held_delisting_value": 0, "held_delisting_days_left": None,
        "held_suspend_cnt_1d": 0, "held_resume_cnt_1d": 0, "ipo_open_today_cnt": 0, "cb_ipo_open_today_cnt": 1,
        "rights_pay_days_left": None, "rights_unpaid_amt": 0, "cb_redeem_days_to_last_trade": None,
        "cb_redeem_days_to_last_convert": None, "cb_redeem_value": 0, "cb_redeem_loss_ratio": None,
        "cb_putback_days_left": None, "tender_days_left": None, "tender_value": 0, "held_newly_st_cnt_1d__key": None,
        "month_of_year": 11, "hk_closed_next_td": False,
    },
    # Announced today, taking effect today though announced before; not: taken back, older, to come, without shares.
    "warned": {"held_newly_st_cnt_1d": 2, "held_newly_st_cnt_1d__key": "600001.SH/st1"},
    "stopped": {
        "held_suspend_cnt_1d": 1, "held_suspend_cnt_1d__key": "600011.SH/s1",
        "held_resume_cnt_1d": 1, "held_resume_cnt_1d__key": "600013.SH/r1",
    },
    # In the period of delisting, decided but not begun, and by the master's word; not what is delisted already.
    "leaving": {
        "held_delisting_value": Decimal(3300), "held_delisting_days_left": 3,
        "held_delisting_value__key": "600021.SH/d1",
    },
    "left_soon": {"held_delisting_value": Decimal(1100), "held_delisting_days_left": None},
    # 100 shares, three for ten at 5 yuan; 50 yuan are paid.
    "entitled": {
        "rights_pay_days_left": 2, "rights_unpaid_amt": Decimal(100), "rights_pay_days_left__key": "600031.SH/p1",
    },
    "last_day": {"rights_pay_days_left": 0, "rights_unpaid_amt": Decimal(150)},
    "too_late": {"rights_pay_days_left": None, "rights_unpaid_amt": 0},
    # The bond that trades longest from now does not lead; what the price of 110 is worth at 100 is lost.
    "bonds": {
        "cb_redeem_days_to_last_trade": 1, "cb_redeem_days_to_last_convert": 4, "cb_redeem_value": Decimal(3300),
        "cb_redeem_loss_ratio": Decimal("0.090909"), "cb_redeem_days_to_last_trade__key": "110002.SH/c2",
    },
    "not_traded": {"cb_redeem_days_to_last_trade": -2, "cb_redeem_days_to_last_convert": 1},
    "puts": {"cb_putback_days_left": 5, "cb_putback_days_left__key": "110005.SH/b1"},
    "offered": {
        "tender_days_left": 0, "tender_value": Decimal(2200), "tender_days_left__key": "600041.SH/t1",
    },
    "main_board": {"ipo_open_today_cnt": 1},
    "chinext": {"ipo_open_today_cnt": 2},
    "frozen": {"ipo_open_today_cnt": 0},
    "beijing": {"ipo_open_today_cnt": 2},
}  # fmt: skip
WAITING = (
    "restricted_unlock_days", "restricted_unlock_value", "vote_open_days_left", "vote_position_value",
    "allot_pay_due_amt", "cb_allot_pay_due_amt", "allot_pay_shortfall", "allot_abandon_cnt_365d",
)  # fmt: skip


def share(code: str, *holders: Client, kind: str = "stock", **fields: Any) -> Security:
    """A security, and 100 of it, worth 1,100, for each holder."""
    what = make.security(code, name=f"证券{code}", type=kind, **fields)
    for holder in holders:
        make.position(holder, what)
    return what


def build() -> Mapping[str, Client]:
    """Everybody of EXPECTED and what happens to what he holds."""
    who = {name: make.client(name) for name in EXPECTED}
    _warnings(who["warned"], who["stopped"])
    _delistings(who)
    _rights(who)
    _bonds(who)
    _offers(who["offered"])
    _subscriptions(who)
    return who


def _warnings(warned: Client, stopped: Client) -> None:
    event(share("600001", warned), "st_on", "st1")
    event(share("600002", warned), "st_on", "st2", 3, ex_date=DAY)
    event(share("600003", warned), "st_on", "st3", 1, ex_date=ago(1))
    event(share("600004", warned), "st_on", "st4", 2, ex_date=ago(-3))
    taken_back(event(share("600005", warned), "st_on", "st5"))
    event(share("600006"), "st_on", "st6")
    event(share("600011", stopped), "suspend", "s1", 1, ex_date=DAY)
    event(share("600012", stopped), "suspend", "s2", 1, ex_date=ago(1))
    event(share("600013", stopped), "resume", "r1", 1, ex_date=DAY)
    event(share("600014", stopped), "resume", "r2", 0, ex_date=ago(-3))


def _delistings(who: Mapping[str, Client]) -> None:
    leaving, left_soon = who["leaving"], who["left_soon"]
    event(share("600021", leaving), "delisting", "d0", 30)
    event(make.security("600021"), "delisting", "d1", 10, ex_date=ago(9), last_day=date(2026, 11, 25))
    event(share("600022", leaving, left_soon), "delisting", "d2", 2, ex_date=ago(-3), last_day=ago(-20))
    share("600023", leaving, status="delisting")
    event(share("600024", leaving, status="delisted"), "delisting", "d4", 60, ex_date=ago(50), last_day=ago(20))


def _rights(who: Mapping[str, Client]) -> None:
    terms = {"value": Decimal("0.3"), "price": Decimal(5)}
    entitled = who["entitled"]
    event(share("600031", entitled), "rights", "p1", 8, record_date=ago(1), last_day=date(2026, 11, 24), **terms)
    event(share("600032", who["last_day"]), "rights", "p2", 8, record_date=ago(5), pay_date=DAY, **terms)
    event(share("600033", who["too_late"]), "rights", "p3", 9, record_date=ago(8), last_day=ago(1), **terms)
    paid = {"kind": CashFlow.Kind.ALLOT_PAY, "security": make.security("600031")}
    make.cash(entitled, 0, day=DAY, amount=Decimal(-50), **paid)
    make.cash(entitled, 0, day=ago(20), amount=Decimal(-70), **paid)


def _bonds(who: Mapping[str, Client]) -> None:
    bonds, price = who["bonds"], {"price": Decimal(10)}
    later, sooner = date(2026, 11, 27), date(2026, 11, 23)
    event(share("110001", bonds, kind="cb"), "cb_redeem", "c1", 9, last_day=later, record_date=ago(-10), **price)
    event(
        share("110002", bonds, kind="cb"),
        "cb_redeem",
        "c2",
        8,
        last_day=sooner,
        record_date=date(2026, 11, 26),
        **price,
    )
    event(share("110003", bonds, kind="cb"), "cb_redeem", "c3", 7, last_day=ago(2), record_date=sooner, **price)
    event(
        share("110004", who["not_traded"], kind="cb"),
        "cb_redeem",
        "c4",
        6,
        last_day=ago(2),
        record_date=sooner,
        **price,
    )
    event(share("110005", who["puts"], kind="cb"), "put_back", "b1", 5, ex_date=ago(1), last_day=later)
    event(share("110006", who["puts"], kind="cb"), "put_back", "b2", 5, ex_date=ago(-1), last_day=sooner)


def _offers(offered: Client) -> None:
    event(share("600041", offered), "tender", "t1", 20, ex_date=ago(10), last_day=DAY)
    event(share("600042", offered), "tender", "t2", 3, ex_date=ago(-7), last_day=ago(-30))
    event(share("600043", offered), "tender", "t3", 40, ex_date=ago(30), last_day=ago(1))


def _subscriptions(who: Mapping[str, Client]) -> None:
    accounts: list[tuple[str, str, dict[str, Any]]] = [
        ("main_board", "SH", {}),
        ("main_board", "SZ", {"status": Account.Status.CLOSED, "closed_on": ago(3), "permissions": ["GEM"]}),
        ("chinext", "SH", {}),
        ("chinext", "SZ", {"permissions": ["STAR", "GEM"]}),
        ("frozen", "SH", {"status": Account.Status.FROZEN}),
        ("beijing", "SH", {"permissions": ["BSE"]}),
    ]
    issues: list[tuple[str, str, dict[str, Any]]] = [
        ("603001", "SH", {"board": "main"}),
        ("603002", "SH", {"board": "main", "ex_date": ago(-3)}),
        ("301001", "SZ", {"board": "gem"}),
        ("920001", "BJ", {"board": "bse"}),
        ("123001", "SZ", {"type": "cb"}),
    ]
    for name, market, fields in accounts:
        make.account(who[name], kind=Account.Kind.SECURITIES, market=market, main=False, **fields)
    for code, exchange, fields in issues:
        day = fields.pop("ex_date", DAY)
        event(make.security(code, exchange, name=f"新股{code}", **fields), "ipo", f"i{code}", 5, ex_date=day)


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Everybody's row after one night."""
    return rows_of_a_night(build, "market_event", tmp_path_factory.mktemp("market"), django_db_blocker)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_features_are_as_their_definitions_say(rows: Rows, name: str) -> None:
    row = rows[name]

    assert {feature: row[feature] for feature in EXPECTED[name]} == EXPECTED[name]


def test_what_nothing_in_the_house_brings_is_unknown(rows: Rows) -> None:
    assert [rows["warned"][feature] for feature in WAITING] == [None] * len(WAITING)


@pytest.mark.parametrize(
    ("day", "holiday", "closed"),
    [
        (date(2026, 9, 24), 0, False),  # the 25th is closed before a weekend
        (date(2026, 4, 2), 1, True),  # Hong Kong is closed on the 3rd, the mainland from the 4th to the 6th
        (date(2026, 6, 30), 62, True),  # Hong Kong is closed on the 1st of July
    ],
)
def test_closures_are_those_of_the_calendars(
    day: date, holiday: int, closed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(monkeypatch, "market_event")
    bob = make.client("Bob")

    run(day)

    found = [value(bob, name, day) for name in ("days_to_market_holiday", "hk_closed_next_td", "month_of_year")]
    assert found == [holiday, closed, day.month]
