"""The group account: accounts, permissions and assets, as the definitions say."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from clients.org.models import User
from clients.register.models import Account, Client, PermissionRule
from tests import factories as make
from tests.clients.portrait.one_night import Rows, rows_of_a_night
from tests.clients.portrait.people import ago, assessed, noon
from tests.clients.portrait.world import DAY, credit, trade

pytestmark = pytest.mark.django_db  # tells that a database is needed; the one world is built for the module
SECURITIES = Account.Kind.SECURITIES
NOTHING = ["perm_gem", "perm_star", "perm_bse", "perm_hk", "perm_cb", "account_age_days", "account_closed_days"]
NOTHING += ["days_since_perm_star_open", "trading_experience_months", "account_restricted", "is_small_dormant"]
NOTHING += ["assets_avg_20td", "assets_avg_90d", "assets_peak_365d", "assets_vs_peak_365d", "depository_bank_status"]
NOTHING += ["has_sh_account", "has_sz_account", "has_fund_account", "commission_rate_bps", "pension_account_opened"]
NOTHING += ["account_age_days__key", "perm_gem__key", "has_sh_account__key", "is_small_dormant__key"]
EXPECTED: dict[str, dict[str, Any]] = {
    "nobody": {
        **dict.fromkeys(NOTHING), "opening_stage": None, "account_anniversary_today": False,
        "mismatched_permission_cnt": 0, "ipo_quota": 0, "account_status": None,
    },
    "lead": {"opening_stage": "lead", "account_age_days": None},
    "registered": {"opening_stage": "registered"},
    "fresh": {
        "opening_stage": "opened", "opening_stage__key": None, "account_age_days": 0,
        "account_anniversary_today": False, "perm_gem": False,
        "perm_gem__key": "GEM", "has_sh_account": False, "has_fund_account": False, "pension_account_opened": False,
        "depository_bank_status": None, "commission_rate_bps": None, "trading_experience_months": None,
        "account_restricted": False, "is_small_dormant": False, "account_closed_days": None,
        "assets_avg_20td": Decimal(0), "assets_vs_peak_365d": None, "account_status": "normal",
    },
    "anniversary": {"account_age_days": 3652, "account_anniversary_today": True},
    "day before": {"account_anniversary_today": False},
    # The account that was opened anew stands for the client, not the closed one.
    "back again": {"account_age_days": 10, "account_status": "normal", "account_closed_days": None},
    "closed": {"account_status": "closed", "account_closed_days": 4, "is_small_dormant": False, "perm_gem": False},
    "trader": {
        "perm_gem": True, "perm_star": True, "perm_bse": False, "perm_hk": False, "perm_cb": True,
        "days_since_perm_star_open": 45, "days_since_perm_star_open__key": "STAR", "trading_experience_months": 23,
        "has_sh_account": True, "has_sz_account": True, "has_fund_account": True, "pension_account_opened": True,
        "depository_bank_status": "pending", "commission_rate_bps": Decimal("2.5"), "mismatched_permission_cnt": 2,
    },
    # Nobody saw the permission come, so nobody knows since when.
    "always had it": {
        "perm_star": True, "days_since_perm_star_open": None, "days_since_perm_star_open__key": None,
        "mismatched_permission_cnt": 0, "depository_bank_status": "none", "trading_experience_months": 24,
    },
    "level expired": {"perm_star": False, "perm_hk": True, "mismatched_permission_cnt": 0},
    "restricted": {"account_restricted": True},
    "frozen": {"account_restricted": False, "account_status": "frozen"},
    "asleep": {"is_small_dormant": True},
    "woke": {"is_small_dormant": False},
    "rich": {"is_small_dormant": False},
    "young": {"is_small_dormant": False},
    # He has an account and nothing in it on the day on which the subscriber bought.
    "holder": {
        "assets_avg_20td": Decimal(1_000), "assets_avg_90d": Decimal(1_680), "assets_peak_365d": Decimal(2_600),
        "assets_vs_peak_365d": Decimal("0.769231"), "ipo_quota": 0,
    },
    # 200,000 on one of twenty days is 10,000 a day; what was bought yesterday brings no right yet.
    "subscriber": {"ipo_quota": 1_000},
}  # fmt: skip
IDS: dict[str, str] = {}


def build() -> Mapping[str, Client]:
    """Everybody of EXPECTED."""
    who = {name: make.client(name, login=name == "registered") for name in EXPECTED}
    _stages(who)
    _ages(who)
    _permissions(who)
    _states(who)
    _assets(who)
    return who


def _stages(who: dict[str, Client]) -> None:
    Client.objects.filter(pk=who["lead"].pk).update(status="lead", created_at=noon(1), opened_on=None)
    User.objects.filter(pk=who["registered"].user_id).update(created_at=noon(0))
    make.account(who["fresh"], opened_on=DAY)


def _ages(who: dict[str, Client]) -> None:
    IDS["anniversary"] = str(make.account(who["anniversary"], opened_on=date(2016, 11, 20)).pk)
    make.account(who["day before"], opened_on=date(2016, 11, 21))
    closed = {"status": Account.Status.CLOSED, "closed_on": ago(4)}
    make.account(who["closed"], opened_on=ago(900), permissions=["GEM"], **closed)
    make.account(who["back again"], opened_on=ago(900), **closed)
    make.account(who["back again"], opened_on=ago(10), main=True)


def _permissions(who: dict[str, Client]) -> None:
    PermissionRule.objects.create(code="GEM", min_level=1, effective_from=ago(-1))
    bob = who["trader"]
    fund = make.account(bob, opened_on=ago(2000), depository="active", commission=Decimal("0.00025"))
    shanghai = make.account(bob, SECURITIES, market="SH", permissions=["CB"], first_trade_on=date(2024, 11, 21))
    make.account(bob, SECURITIES, market="SZ", permissions=["GEM"], main=False, first_trade_on=date(2025, 1, 1))
    make.account(bob, Account.Kind.TA)
    make.account(bob, Account.Kind.PENSION, permissions=["HK"], status="closed", closed_on=ago(3))
    make.account(bob, Account.Kind.PENSION, main=False)
    Account.objects.filter(pk=fund.pk).update(depository="changing", changed_at=noon(0))
    Account.objects.filter(pk=shanghai.pk).update(permissions=["CB", "STAR"], changed_at=noon(45))
    assessed(bob, 3, 10, 300)
    always = who["always had it"]
    make.account(always, permissions=["STAR"], depository="none", first_trade_on=date(2024, 11, 20))
    assessed(always, 4, 10, 300)
    make.account(who["level expired"], permissions=["HK"])
    assessed(who["level expired"], 1, 400, -1)


def _states(who: dict[str, Client]) -> None:
    make.account(who["restricted"])
    make.account(who["restricted"], SECURITIES, market="SH", status=Account.Status.RESTRICTED)
    make.account(who["frozen"], status=Account.Status.FROZEN)
    for name, opened in [("asleep", 2000), ("woke", 2000), ("rich", 2000), ("young", 1000)]:
        make.account(who[name], opened_on=ago(opened))
    make.cash(who["asleep"], 100, day=ago(30))
    make.cash(who["rich"], Decimal("100.01"), day=ago(30))
    trade(who["asleep"], date(2023, 11, 20), "1")
    trade(who["woke"], date(2023, 11, 21), "2")


def _assets(who: dict[str, Client]) -> None:
    bob = who["holder"]
    for back, value in [(0, 1000), (1, 1000), (60, 800), (88, 1600), (91, 1000), (364, 1600), (365, 9000)]:
        make.position(bob, day=ago(back), quantity=Decimal(1), last_price=Decimal(value))
        credit(bob, cash=1000, debt=500, day=ago(back))
    subscriber = who["subscriber"]
    make.position(subscriber, day=date(2026, 11, 18), quantity=Decimal(1), last_price=Decimal(200_000))
    make.position(subscriber, day=ago(1), quantity=Decimal(1), last_price=Decimal(900_000))


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Everybody's row after one night."""
    return rows_of_a_night(build, "account", tmp_path_factory.mktemp("account"), django_db_blocker)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_features_are_as_their_definitions_say(rows: Rows, name: str) -> None:
    row = rows[name]

    assert {feature: row[feature] for feature in EXPECTED[name]} == EXPECTED[name]


def test_the_key_of_a_stage_is_the_lead(rows: Rows) -> None:
    assert [rows[name]["opening_stage__key"] for name in ("lead", "registered", "nobody")] == [
        str(rows["lead"]["client_id"]), str(rows["registered"]["client_id"]), None,
    ]  # fmt: skip


@pytest.mark.parametrize("feature", ["account_age_days", "account_restricted", "is_small_dormant", "has_sh_account"])
def test_the_key_is_the_account(rows: Rows, feature: str) -> None:
    assert rows["anniversary"][f"{feature}__key"] == IDS["anniversary"]
