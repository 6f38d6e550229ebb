"""Questions about money: what a client held at the close of a day, and what it was worth.

Amounts are CNY. What is held in another currency has no place in a sum, since the files bring no exchange rate;
holdings say their currency, and sums leave them out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, F, Max, Min, OuterRef, Q, Subquery, Sum

from clients.ledger import history
from clients.ledger.models import Position, Trade
from clients.market.models import DailyBar, Security

LOOK_BACK = timedelta(days=60)
# Kinds of cash flow that bring assets in or take them out; everything else is earned, lost or exchanged.
MOVED = ("bank_in", "bank_out", "custody_in", "custody_out", "product_in", "product_out")


@dataclass(frozen=True)
class DayTotal:
    """What a client had at the close of `day`; `moved` is what he brought in (or took out) since the day before."""

    day: date
    securities: Decimal
    cash: Decimal
    debt: Decimal
    moved: Decimal

    @property
    def total(self) -> Decimal:
        """Securities and cash; debt is not taken off."""
        return self.securities + self.cash


@dataclass(frozen=True)
class Holding:
    """One security at the close of a day; `change` is the ratio of that day, `gain` and `gain_ratio` are on cost."""

    security: Security
    quantity: Decimal
    price: Decimal
    value: Decimal
    cost: Decimal | None
    change: Decimal | None

    @property
    def gain(self) -> Decimal | None:
        """Value less cost, unknown without a cost."""
        return None if self.cost is None else self.value - self.cost

    @property
    def gain_ratio(self) -> Decimal | None:
        """Gain over cost, unknown without a cost above zero."""
        return self.gain / self.cost if self.gain is not None and self.cost and self.cost > 0 else None


def last_day() -> date | None:
    """Return the last day whose positions the house has; None before the first file."""
    return Position.objects.aggregate(last=Max("day"))["last"]


def holdings(client_id: int, day: date) -> list[Holding]:
    """Return what a client held at the close of `day`, largest value first, one line a security over all accounts."""
    rows = list(_by_security(client_id, day))
    known = Security.objects.in_bulk([row["security_id"] for row in rows])
    return [
        Holding(
            security=known[row["security_id"]],
            quantity=row["held"],
            price=row["price"],
            value=row["value"],
            cost=None if row["without_cost"] else row["cost"],
            change=row["close"] / row["before"] - 1 if row["close"] and row["before"] else None,
        )
        for row in rows
    ]


def _by_security(client_id: int, day: date) -> Iterable[Mapping[str, Any]]:
    bar = DailyBar.objects.filter(security=OuterRef("security_id"), day=day)
    return (
        Position.objects.filter(client=client_id, day=day)
        .values("security_id")
        .annotate(
            held=Sum("quantity"),
            value=Sum("market_value"),
            price=Max("last_price"),
            cost=Sum(F("quantity") * F("cost_price") * F("security__unit")),
            without_cost=Count("pk", filter=Q(cost_price__isnull=True)),
            first=Min("pk"),
            close=Subquery(bar.values("close")[:1]),
            before=Subquery(bar.values("prev_close")[:1]),
        )
        .filter(held__gt=0)
        .order_by("-value", "first")
    )


# Balances: the last one before the window, which may be years old, and in the window the last one of each day. So the
# partitions of all years are looked into once an account, not once a day.
TOTALS = """
WITH days AS (
    SELECT d::date AS day, EXISTS (SELECT 1 FROM ledger_position p WHERE p.day = d::date) AND NOT EXISTS (
        SELECT 1 FROM ledger_droppedday x WHERE x.source = 'ledger_position' AND x.day = d::date) AS recorded
    FROM generate_series(%(first)s::date, %(last)s::date, '1 day') AS d
), flows AS (
    SELECT day, time, id, account_id, kind, amount, balance_after FROM ledger_cashflow
    WHERE client_id = %(client)s AND day > %(first)s AND day <= %(last)s AND currency = 'CNY'
), balances AS (
    SELECT %(first)s::date AS day, f.account_id, f.balance_after FROM register_account a
        CROSS JOIN LATERAL (
            SELECT account_id, balance_after FROM ledger_cashflow
            WHERE client_id = a.client_id AND account_id = a.id AND day <= %(first)s
                AND balance_after IS NOT NULL AND currency = 'CNY'
            ORDER BY day DESC, time DESC NULLS LAST, id DESC LIMIT 1
        ) f
        WHERE a.client_id = %(client)s
    UNION ALL
    SELECT * FROM (
        SELECT DISTINCT ON (account_id, day) day, account_id, balance_after FROM flows
        WHERE balance_after IS NOT NULL ORDER BY account_id, day, time DESC NULLS LAST, id DESC
    ) f
), own AS MATERIALIZED (
    SELECT b.* FROM balances b JOIN register_account a ON a.id = b.account_id AND a.kind <> 'credit_fund'
)
SELECT days.day, days.recorded,
    (SELECT coalesce(sum(p.market_value), 0) FROM ledger_position p
        JOIN market_security s ON s.id = p.security_id AND s.currency = 'CNY'
        WHERE p.client_id = %(client)s AND p.day = days.day) AS securities,
    (SELECT coalesce(sum(balance_after), 0) FROM (
        SELECT DISTINCT ON (account_id) balance_after FROM own WHERE day <= days.day ORDER BY account_id, day DESC
    ) b) AS cash,
    coalesce(m.cash, 0), coalesce(m.debt, 0),
    (SELECT coalesce(sum(amount), 0) FROM flows WHERE kind = ANY(%(moved)s) AND day <= days.day) AS moved
FROM days LEFT JOIN LATERAL (
    SELECT sum(cash) AS cash, sum(debt) AS debt FROM ledger_marginaccountday
    WHERE client_id = %(client)s AND day = days.day
) m ON TRUE
ORDER BY days.day
"""


def totals(client_id: int, last: date, days: int = 30) -> list[DayTotal]:
    """Return what a client had at the close of the last `days` settled days up to `last`, oldest first.

    The record keeps few days of positions; the older ones come from the lake. A day that neither of them has is not in
    the answer, whatever the cash was.
    """
    values: dict[str, Any] = {"client": client_id, "first": last - LOOK_BACK, "last": last, "moved": list(MOVED)}
    with connection.cursor() as cursor:
        cursor.execute(TOTALS, values)
        rows = cursor.fetchall()
    recorded = {row[0] for row in rows if row[1]}
    missing = [row[0] for row in rows if not row[1]]
    older = history.states(client_id, missing, at_most=days - len(recorded))
    known = [_settled(row, older) for row in rows if row[0] in recorded or row[0] in older]
    before = [known[0].moved if known else Decimal(0), *(row.moved for row in known)]
    return [replace(row, moved=row.moved - sofar) for row, sofar in zip(known, before, strict=False)][-days:]


def _settled(row: tuple[Any, ...], older: Mapping[date, history.State]) -> DayTotal:
    """A row of TOTALS, its state from the lake where the record has none; `moved` counts from the window's start."""
    day, recorded, securities, cash, margin_cash, debt, moved = row
    if not recorded:
        securities, margin_cash, debt = older[day].securities, older[day].cash, older[day].debt
    return DayTotal(day, securities, cash + margin_cash, debt, moved)


def trades_between(client_id: int, *, first: date, last: date, most: int) -> list[Trade]:
    """Return a client's newest executions of a stretch of days, at most so many, newest first."""
    rows = Trade.objects.filter(client=client_id, day__gte=first, day__lte=last, reversal_of="")
    return list(rows.select_related("security").order_by("-day", "-time", "-pk")[:most])
