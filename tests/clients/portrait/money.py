"""What clients did with money, for the tests of features: days are counted back from the data day."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from clients.ledger.models import CashFlow, Position, ProductHolding, Trade
from clients.market.models import Product, Security
from clients.register.models import Client
from tests import factories as make
from tests.clients.portrait import world

_number = count(1)


def ago(days: int) -> date:
    """A day so many natural days before the data day; a negative number lies ahead."""
    return make.DAY - timedelta(days=days)


def flow(of: Client, back: int, kind: str, amount: float, balance: int | None = None, **fields: Any) -> CashFlow:
    """One movement in the main fund account, each later than the one before it."""
    n, day = next(_number), ago(back)
    known = {"flow_no": f"T{n:08}", "currency": "CNY", **fields}
    return CashFlow.objects.create(
        day=day, account=make.fund_account(of), client=of, kind=kind, amount=Decimal(str(amount)),
        balance_after=balance, time=datetime.combine(day, time(1), UTC) + timedelta(seconds=n), **known,
    )  # fmt: skip


def took_back(row: CashFlow, back: int) -> CashFlow:
    """The line that takes a movement back."""
    return flow(row.client, back, row.kind, -float(row.amount), reversal_of=row.flow_no)


def bought(of: Client, back: int, what: Security, amount: int = 10, **fields: Any) -> Trade:
    """One execution in the main fund account, a purchase unless told otherwise."""
    return world.trade(of, ago(back), f"T{next(_number)}", security=what, amount=amount, **fields)


def gave_back(row: Trade, back: int) -> Trade:
    """The line that takes an execution back."""
    number = f"T{next(_number)}"
    return world.trade(
        row.client, ago(back), number, security=row.security, amount=row.amount, reversal_of=row.trade_no
    )


def held(of: Client, back: int, what: Security, worth: int, **fields: Any) -> Position:
    """A holding of one share with this value at the close of a day."""
    return make.position(of, what, day=ago(back), quantity=Decimal(1), last_price=Decimal(worth), **fields)


def product(code: str, risk_level: int = 3, **fields: Any) -> Product:
    """A product of the shelf."""
    known = {"as_of": ago(100), "kind": "mixed_fund", "issuer": "x", "status": "on_sale", "investor": "any", **fields}
    return Product.objects.create(
        ta_code="99", product_code=code, name=code, risk_level=risk_level, doc_version="v1", **known
    )


def owned(
    of: Client, back: int, what: Product, worth: int, cost: int | None = None, shares: int = 100
) -> ProductHolding:
    """Shares of a product at the close of a day."""
    return ProductHolding.objects.create(
        day=ago(back), account=make.fund_account(of), client=of, product=what, shares=shares, cost=cost,
        market_value=worth,
    )  # fmt: skip
