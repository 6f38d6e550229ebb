"""Rows for the portrait's tests, and the two steps that turn them into features."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from clients.ledger.models import MarginAccountDay, Trade
from clients.market.models import DailyBar, Security
from clients.portrait import selectors, services
from clients.register.models import Account, Client
from tests import factories as make

DAY = make.DAY


def now() -> datetime:
    """The present: rows get their arrival from the database's clock."""
    return datetime.now(UTC)


def run(day: date = DAY, cutoff: datetime | None = None) -> str:
    """Mirror and compute; the version."""
    moment = cutoff or now()
    services.mirror_day(day=day, cutoff=moment)
    return services.compute_features(day=day, cutoff=moment)


def value(of: Client, name: str, day: date = DAY) -> Any:
    """One value of a client's row."""
    row = selectors.feature_row(day, of.pk)
    assert row is not None
    return row[name]


def trade(of: Client, day: date, number: str, **fields: Any) -> Trade:
    """One purchase in the client's main fund account."""
    known = {"exchange": "SH", "side": "buy", "business": "normal", "currency": "CNY", "amount": 10, "net_amount": 10}
    known |= {"time": datetime(day.year, day.month, day.day, 2, tzinfo=UTC), "quantity": 1, "price": 10, **fields}
    known.setdefault("security", make.security())
    return Trade.objects.create(day=day, account=make.fund_account(of), client=of, trade_no=number, **known)


def bar(of: Security, close: str, prev: str | None, *, day: date = DAY, **fields: Any) -> DailyBar:
    """One day's bar, trading, without limits unless given."""
    known = {"status": "trading", "volume": 1, **fields}
    return DailyBar.objects.create(
        security=of, day=day, close=Decimal(close), prev_close=Decimal(prev) if prev else None, **known
    )


def credit(of: Client, cash: int, debt: int, day: date = DAY) -> MarginAccountDay:
    """A credit account at the close of a day."""
    account = of.accounts.filter(kind=Account.Kind.CREDIT_FUND).first()
    account = account or make.account(of, kind=Account.Kind.CREDIT_FUND)
    return MarginAccountDay.objects.create(
        day=day, account=account, client=of, cash=cash, collateral_value=0, debt=debt, ratio=None
    )
