"""The group trade: counts, amounts, what a repo brings back today, what a year of trading brought."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from clients.market.models import Board, Security
from clients.register.models import Account, Client
from tests import factories as make
from tests.clients.portrait.happenings import event
from tests.clients.portrait.money import ago, bought, flow, gave_back, held
from tests.clients.portrait.one_night import Rows, rows_of_a_night

pytestmark = pytest.mark.django_db  # tells that a database is needed; the one world is built for the module
ZERO = ["trade_count_total", "trade_count_30d", "trade_count_prev_90d", "trade_days_30d", "turnover_30d"]
ZERO += ["star_trade_cnt_total", "repo_trade_cnt_total", "repo_maturity_amt_today", "ipo_subscribe_cnt_90d"]
ZERO += ["ipo_subscribed_today", "cb_subscribed_today"]
UNKNOWN = ["trade_freq_change_90d", "days_since_first_trade", "days_since_last_trade", "turnover_ratio_30d"]
UNKNOWN += ["fee_to_assets_365d", "pnl_ratio_365d"]
TODAY = ("ipo_subscribed_today", "cb_subscribed_today")
EXPECTED: dict[str, dict[str, Any]] = {
    "nobody": {**dict.fromkeys(ZERO, 0), **dict.fromkeys(UNKNOWN)},
    "trader": {
        "trade_count_total": 9, "trade_count_30d": 4, "trade_count_prev_90d": 2, "trade_freq_change_90d": Decimal(2),
        "trade_days_30d": 6, "days_since_first_trade": 180, "days_since_last_trade": 0, "turnover_30d": Decimal(3_500),
        "turnover_ratio_30d": Decimal("0.875"), "fee_to_assets_365d": Decimal("0.003"), "star_trade_cnt_total": 1,
        "repo_trade_cnt_total": 1, "repo_maturity_amt_today": Decimal("100012.33"), "ipo_subscribe_cnt_90d": 1,
        "cb_subscribed_today": False,
    },
    "corrected": {
        "trade_count_total": 1, "trade_count_30d": 1, "trade_days_30d": 1, "turnover_30d": Decimal(10),
        "days_since_first_trade": 20, "days_since_last_trade": 20, "repo_maturity_amt_today": Decimal(0),
    },
    "lender": {"repo_maturity_amt_today": Decimal(0), "trade_count_total": 3},
    "foreign": {"turnover_30d": Decimal("910.00")},
    "newcomer": {"pnl_ratio_365d": Decimal("0.264130")},
    "resident": {"pnl_ratio_365d": Decimal("0.2")},
    "stranger": {"pnl_ratio_365d": None, "fee_to_assets_365d": Decimal(0)},
    "both": {"ipo_subscribed_today": True, "cb_subscribed_today": True},
    "one of two": {"ipo_subscribed_today": False, "cb_subscribed_today": False},
    "all he may": {"ipo_subscribed_today": True, "cb_subscribed_today": False},
    "taken back": dict.fromkeys(TODAY, False),
    "without account": dict.fromkeys(TODAY, False),
}  # fmt: skip


def _trader(share: Security, fund: Security, product: Security) -> Client:
    bob = make.client("Bob")
    star, repo = make.security("688001", board=Board.STAR), make.security("204001", type="repo")
    bought(bob, 0, share, 1_000, commission=5, transfer_fee=1)
    bought(bob, 29, fund, 2_000, side="sell")
    for back in (30, 89, 90, 179, 180):
        bought(bob, back, share, 100)
    bought(bob, 10, star, 500)
    bought(bob, 5, share, 700, business="ipo", side="subscribe")
    bought(bob, 3, product, 800, business="fund", side="subscribe")
    bought(bob, 1, repo, 100_000, business="repo", side="lend", price=Decimal("1.5"))
    held(bob, 1, share, 1_000)
    held(bob, 0, share, 3_000)
    return bob


def _corrected(share: Security) -> Client:
    alice, repo = make.client("Alice"), make.security("204001", type="repo")
    bought(alice, 20, share)
    gave_back(bought(alice, 100, share), 50)
    gave_back(bought(alice, 2, share), 1)
    gave_back(bought(alice, 1, repo, 100_000, business="repo", side="lend", price=Decimal("1.5")), 0)
    return alice


def _lender() -> Client:
    """A repo that ended yesterday, one that ends on Monday, one for a term that nobody knows."""
    charlie = make.client("Charlie")
    for code, back in [("204001", 2), ("131811", 1), ("204999", 1)]:
        what = make.security(code, "SH" if code.startswith("204") else "SZ", type="repo")
        bought(charlie, back, what, 1_000, business="repo", side="lend")
    return charlie


def _newcomer(share: Security) -> Client:
    dora = make.client("Dora")
    make.account(dora, opened_on=date(2026, 6, 1))
    flow(dora, 80, "bank_in", 10_000, 10_000)
    flow(dora, 10, "bank_in", 10_000, 15_000)
    held(dora, 0, share, 8_000)
    return dora


def _subscribers(share: Security) -> dict[str, Client]:
    main, star = make.security("601001", board=Board.MAIN), make.security("688002", board=Board.STAR)
    bond = make.security("113001", type="cb")
    for number, what in enumerate((main, star, bond)):
        event(what, "ipo", f"I{number}", back=6, ex_date=ago(0))
    event(share, "ipo", "I9", back=6, ex_date=ago(1))
    chosen = {"both": [main, star, bond], "one of two": [main], "all he may": [main], "taken back": []}
    people = {name: make.client("Erin") for name in (*chosen, "without account")}
    for name, wanted in chosen.items():
        codes = [] if name == "all he may" else ["STAR"]
        make.account(people[name], kind=Account.Kind.SECURITIES, market="SH", permissions=codes)
        for what in wanted:
            bought(people[name], 0, what, business="ipo", side="subscribe")
    for what in (main, star):
        gave_back(bought(people["taken back"], 0, what, business="ipo", side="subscribe"), 0)
    return people


def build() -> Mapping[str, Client]:
    """Everybody, in a week whose closes of Thursday and Friday are known, and one of a year ago."""
    share, fund = make.security(), make.security("510300", type="etf")
    product, foreign = make.security("D00001", "OTC", type="fund"), make.security("00700", "HK", currency="HKD")
    resident, stranger, abroad = (make.client(name) for name in ("Frank", "Grace", "Heidi"))
    held(resident, 365, share, 5_000)
    held(resident, 0, share, 6_000)
    held(stranger, 0, share, 6_000)
    bought(abroad, 3, foreign, 1_000, fx=Decimal("0.91"), exchange="HK")
    return {
        "nobody": make.client("Ivan"), "trader": _trader(share, fund, product), "corrected": _corrected(share),
        "lender": _lender(), "newcomer": _newcomer(share), "resident": resident, "stranger": stranger,
        "foreign": abroad, **_subscribers(share),
    }  # fmt: skip


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Everybody's row after one night."""
    return rows_of_a_night(build, "trade", tmp_path_factory.mktemp("trade"), django_db_blocker)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_features_are_as_their_definitions_say(rows: Rows, name: str) -> None:
    row = rows[name]

    assert {feature: row[feature] for feature in EXPECTED[name]} == EXPECTED[name]
