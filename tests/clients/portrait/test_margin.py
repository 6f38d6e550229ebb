"""The group margin: credit accounts, contracts, collateral, as the definitions say."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from clients.ledger.models import CashFlow, MarginAccountDay, MarginContractDay, Position
from clients.market.models import DailyBar, Security
from clients.register.models import Account, Client
from tests import factories as make
from tests.clients.portrait.happenings import event, taken_back
from tests.clients.portrait.one_night import Rows, only, rows_of_a_night
from tests.clients.portrait.people import ago
from tests.clients.portrait.world import DAY, bar, now, run, trade, value

pytestmark = pytest.mark.django_db  # tells that a database is needed; the one world is built for the module
UNKNOWN = ["margin_account_age_days", "days_since_margin_repaid_all", "days_since_first_margin_trade"]
UNKNOWN += ["margin_maintenance_ratio", "margin_warning_line", "margin_close_line", "margin_stress_ratio_down20"]
UNKNOWN += ["margin_call_open_days", "margin_contract_days_to_due", "margin_top1_collateral_ratio"]
UNKNOWN += ["margin_credit_used_ratio", "credit_suspended_value_ratio", "short_ex_date_days", "margin_rate_pct"]
UNKNOWN += [
    "margin_interest_due_days",
    "credit_cash_available",
    "option_margin_risk_ratio",
    "margin_account_status__key",
]
ZERO = ["margin_collateral_value", "margin_collateral_out_value_7d", "margin_debt", "margin_debt_avg_prev_90d"]
ZERO += ["margin_trade_cnt_total", "collateral_haircut_cut_cnt_1d", "margin_underlying_removed_cnt_1d"]
ZERO += ["credit_st_value", "margin_interest_accrued", "margin_interest_365d", "forced_liquidation_cnt_30d"]
EXPECTED: dict[str, dict[str, Any]] = {
    "nobody": {**dict.fromkeys(UNKNOWN), **dict.fromkeys(ZERO, 0), "margin_account_status": "none"},
    "unused": {
        "margin_account_status": "active", "margin_account_age_days": 9, "margin_collateral_value": Decimal(700),
        "credit_cash_available": Decimal(700), "margin_maintenance_ratio": None, "margin_credit_used_ratio": Decimal(0),
        "margin_top1_collateral_ratio": None, "credit_suspended_value_ratio": Decimal(0), "margin_rate_pct": None,
        "days_since_margin_repaid_all": None, "margin_maintenance_ratio__key": None,
    },
    "frozen": {"margin_account_status": "restricted"},
    "closed": {
        "margin_account_status": "closed", "margin_account_age_days": None, "margin_account_age_days__key": None,
    },
    "borrower": {
        "margin_collateral_value": Decimal(12_000), "margin_debt": Decimal(8_000),
        "margin_debt_avg_prev_90d": Decimal(6_000), "margin_maintenance_ratio": Decimal("1.5"),
        "margin_stress_ratio_down20": Decimal("1.25"), "margin_warning_line": Decimal("1.4"),
        "margin_close_line": Decimal("1.3"), "margin_call_open_days": None, "margin_credit_used_ratio": Decimal("0.8"),
        "margin_contract_days_to_due": -2, "margin_contract_days_to_due__key": "M1",
        "margin_interest_accrued": Decimal(30), "margin_interest_due_days": 0,
        "margin_interest_due_days__key": "M2:2026-11-20", "margin_rate_pct": Decimal("6.5"),
        "margin_trade_cnt_total": 2, "days_since_first_margin_trade": 40, "days_since_margin_repaid_all": None,
        "margin_collateral_out_value_7d": Decimal(600), "margin_interest_365d": Decimal(90),
    },
    "called": {"margin_maintenance_ratio": Decimal("1.2"), "margin_call_open_days": 2, "margin_warning_line": None},
    "repaid": {"margin_debt": Decimal(0), "days_since_margin_repaid_all": 9, "margin_debt_avg_prev_90d": Decimal(100)},
    "repaid twice": {"days_since_margin_repaid_all": 0},
    "pledger": {
        "margin_top1_collateral_ratio": Decimal("0.5"), "margin_top1_collateral_ratio__key": "600001.SH",
        "credit_st_value": Decimal(3_000), "credit_st_value__key": "600002.SH",
        "credit_suspended_value_ratio": Decimal("0.3"), "collateral_haircut_cut_cnt_1d": 2,
        "collateral_haircut_cut_cnt_1d__key": "600002.SH/cut2", "margin_underlying_removed_cnt_1d": 0,
    },
    "seller": {
        "short_ex_date_days": 1, "short_ex_date_days__key": "600003.SH/ex", "margin_underlying_removed_cnt_1d": 1,
        "margin_underlying_removed_cnt_1d__key": "600003.SH/off", "margin_interest_due_days": None,
        "margin_interest_due_days__key": None, "margin_rate_pct": None,
    },
    "sold out": {"forced_liquidation_cnt_30d": 1, "margin_contract_days_to_due": None},
    "sold out long ago": {"forced_liquidation_cnt_30d": 0, "forced_liquidation_cnt_30d__key": None},
}  # fmt: skip
KEYS: dict[tuple[str, str], str] = {}
LINES = {"call_line": Decimal("1.4"), "close_line": Decimal("1.3"), "credit_line": 10_000}


def build() -> Mapping[str, Client]:
    """Everybody of EXPECTED."""
    who = {name: make.client(name) for name in EXPECTED}
    for step in (_accounts, _borrower, _lines, _pledges, _shorts, _sales):
        step(who)
    return who


def _account(of: Client) -> Account:
    found = of.accounts.filter(kind=Account.Kind.CREDIT_FUND).first()
    return found or make.account(of, Account.Kind.CREDIT_FUND, opened_on=ago(500))


def at_close(of: Client, debt: int, back: int = 0, *, cash: int = 0, worth: int = 0, **fields: Any) -> MarginAccountDay:
    """A credit account at a close."""
    ratio = round(Decimal(cash + worth) / debt, 6) if debt else None
    return MarginAccountDay.objects.create(
        day=ago(back), account=_account(of), client=of, cash=cash, collateral_value=worth, debt=debt, ratio=ratio,
        **fields,
    )  # fmt: skip


def contract(of: Client, number: str, back: int = 0, **fields: Any) -> MarginContractDay:
    """A contract at a close."""
    known = {"kind": "financing", "opened_on": ago(100), "due_on": ago(-80), "outstanding": 1, "interest": 0}
    return MarginContractDay.objects.create(
        day=ago(back), account=_account(of), client=of, contract_no=number, **{**known, "status": "open", **fields}
    )


def pledge(of: Client, what: Security, worth: int) -> Position:
    """A holding in the credit account."""
    return Position.objects.create(
        day=DAY, account=_account(of), holder_account=_account(of), client=of, security=what, quantity=1,
        last_price=worth, market_value=worth,
    )  # fmt: skip


def _accounts(who: dict[str, Client]) -> None:
    unused = make.account(who["unused"], Account.Kind.CREDIT_FUND, opened_on=ago(9))
    at_close(who["unused"], 0, cash=700, **LINES)
    for feature in ("margin_account_status", "margin_account_age_days", "margin_collateral_value"):
        KEYS["unused", feature] = str(unused.pk)
    make.account(who["frozen"], Account.Kind.CREDIT_FUND, status=Account.Status.FROZEN)
    make.account(who["closed"], Account.Kind.CREDIT_FUND, status=Account.Status.CLOSED, closed_on=ago(1))


def _borrower(who: dict[str, Client]) -> None:
    bob = who["borrower"]
    for back, debt in [(0, 8_000), (1, 6_000), (88, 4_000), (91, 90_000)]:
        at_close(bob, debt, back, cash=2_000, worth=10_000, **LINES)
    contract(bob, "M1", due_on=ago(2), interest=10, rate=Decimal("0.058"), opened_on=ago(9))
    contract(bob, "M2", due_on=ago(-9), interest=20, rate=Decimal("0.065"), opened_on=ago(8))
    contract(bob, "M3", due_on=ago(50), status="closed", interest=0)
    first = trade(bob, ago(40), "1", business="credit_buy")
    trade(bob, ago(39), "2", business="short_sell", side="sell")
    trade(bob, ago(38), "3", business="credit_buy")
    trade(bob, ago(37), "4", business="credit_buy", reversal_of="3")
    trade(bob, ago(90), "5")
    KEYS["borrower", "days_since_first_margin_trade"] = str(first.pk)
    for number, (kind, amount, back) in enumerate(
        [
            ("custody_out", -200, 6), ("bank_out", -400, 0), ("bank_out", -900, 7), ("bank_in", 50, 0),
            ("margin_interest", -60, 364), ("margin_interest", -30, 0), ("margin_interest", -7, 365),
        ]
    ):  # fmt: skip
        flow = make.cash(bob, 0, day=ago(back), kind=kind, amount=Decimal(amount), flow_no=str(number))
        CashFlow.objects.filter(pk=flow.pk).update(account=_account(bob))
    make.cash(bob, 0, kind=CashFlow.Kind.BANK_OUT, amount=Decimal(-5_000))  # from the normal account


def _lines(who: dict[str, Client]) -> None:
    bob = who["borrower"]
    KEYS["borrower", "margin_maintenance_ratio"] = f"{_account(bob).pk}:above:{ago(88)}"  # below both lines before
    called = who["called"]
    # 1.35, then 1.5, then below both lines; without lines in the contract the usual ones count.
    for back, worth in [(4, 1350), (3, 1500), (2, 1250), (1, 1250), (0, 1200)]:
        at_close(called, 1000, back, worth=worth, call_day=ago(2) if back < 3 else None)
    KEYS["called", "margin_maintenance_ratio"] = f"{_account(called).pk}:close:{ago(2)}"
    KEYS["called", "margin_call_open_days"] = f"{_account(called).pk}:{ago(2)}"
    for back, debt in [(10, 300), (9, 0), (0, 0)]:
        at_close(who["repaid"], debt, back)
    for back, debt in [(10, 300), (9, 0), (1, 200), (0, 0)]:
        at_close(who["repaid twice"], debt, back)


def _pledges(who: dict[str, Client]) -> None:
    bob = who["pledger"]
    fine = make.security("600001", collateral_ratio=Decimal("0.7"))
    risky = make.security("600002", risk_flag="st")
    other = make.security("600004", collateral_ratio=Decimal("0.5"))
    at_close(bob, 100, cash=500, worth=9_500)
    for what, worth in [(fine, 5_000), (risky, 3_000), (other, 1_500)]:
        pledge(bob, what, worth)
    make.position(bob, risky, quantity=Decimal(1), last_price=Decimal(70_000))  # in the normal account
    bar(fine, "10", "10")
    bar(risky, "10", "10", status=DailyBar.Status.SUSPENDED)
    event(fine, "haircut", "cut1", value=Decimal("0.6"))
    event(risky, "haircut", "cut2", value=0)
    event(other, "haircut", "raised", value=Decimal("0.55"))
    taken_back(event(other, "haircut", "wrong", value=0))
    event(other, "haircut", "before", 1, value=0)


def _shorts(who: dict[str, Client]) -> None:
    bob, what = who["seller"], make.security("600003")
    at_close(bob, 1_000, worth=2_000)
    contract(bob, "S1", kind="short", security=what, quantity=100, rate=Decimal("0.1"))
    event(what, "dividend", "ex", 20, ex_date=ago(-3))  # Monday
    event(what, "bonus", "later", 10, ex_date=ago(-10))
    event(what, "dividend", "past", 30, ex_date=ago(1))
    event(what, "margin_list", "off", value=0)
    event(what, "haircut", "cut", value=0)  # no collateral of his


def _sales(who: dict[str, Client]) -> None:
    recent, old = who["sold out"], who["sold out long ago"]
    for back in (29, 28, 0):
        at_close(recent, 0, back)
        contract(recent, "A", back, status="liquidated")
        contract(recent, "B", back, status="liquidated")
    KEYS["sold out", "forced_liquidation_cnt_30d"] = f"{_account(recent).pk}:{ago(29)}"
    for back in (31, 30, 29, 0):
        at_close(old, 0, back)
        contract(old, "A", back, status="liquidated")


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Everybody's row after one night."""
    return rows_of_a_night(build, "margin", tmp_path_factory.mktemp("margin"), django_db_blocker)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_features_are_as_their_definitions_say(rows: Rows, name: str) -> None:
    row = rows[name]

    assert {feature: row[feature] for feature in EXPECTED[name]} == EXPECTED[name]


def test_the_object_that_gave_the_value_is_the_key(rows: Rows) -> None:
    assert len(KEYS) == 8
    assert {place: rows[place[0]][f"{place[1]}__key"] for place in KEYS} == KEYS


def test_a_fall_below_a_line_keeps_its_name_from_night_to_night(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "margin")
    bob, key = make.client("Bob"), "margin_maintenance_ratio__key"
    account = _account(bob).pk
    for back, worth in [(3, 1600), (2, 1350), (1, 1320), (0, 1250)]:
        at_close(bob, 1000, back, worth=worth, **LINES)

    for back in (3, 2, 1, 0):
        run(ago(back))

    steps = [value(bob, key, ago(back)) for back in (3, 2, 1, 0)]
    assert steps == [
        f"{account}:above:{ago(3)}", f"{account}:call:{ago(2)}", f"{account}:call:{ago(2)}", f"{account}:close:{DAY}",
    ]  # fmt: skip


def test_a_corrected_day_counts_from_its_arrival(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, "margin")
    bob = make.client("Bob")
    wrong = at_close(bob, 500, 1)
    at_close(bob, 0, 0)
    before = now()
    run(cutoff=before)
    first = value(bob, "days_since_margin_repaid_all")

    MarginAccountDay.objects.filter(pk=wrong.pk).delete()
    at_close(bob, 0, 1)
    at_close(bob, 300, 7)
    run()

    assert (first, value(bob, "days_since_margin_repaid_all")) == (0, 1)
    run(cutoff=before)
    assert value(bob, "days_since_margin_repaid_all") == 0
