"""States that are carried from day to day, so that no night reads twenty years, and the day tables that they need.

`STATES` are folded first; the `DAY_TABLES` may read them; `LATE_STATES` are carried on from the day tables.
"""

from clients.lake import registry
from clients.lake.folding import Running
from clients.lake.registry import MOMENT
from clients.portrait import parameters, sqlfiles
from clients.portrait.client_states import CLIENT_STATES
from clients.portrait.daytables import DayTable
from clients.portrait.event_states import EVENT_DAYS, EVENT_STATES, VISIT_DAYS
from clients.portrait.money_states import (
    CLIENT_DAY,
    LATE_MONEY_STATES,
    MONEY,
    MONEY_DAYS,
    MONEY_STATES,
    REVERSED,
    YEAR,
)

COUNTED = {
    "trades": "INTEGER", "turnover": MONEY, "fees": MONEY, "subscriptions": "INTEGER", "orders": "INTEGER",
    "redeemed": MONEY,
}  # fmt: skip


def _over(step: str, *, marked: str) -> str:
    """Let a step read executions that stand, and what the `marked` ones (those, or the reversed) count as."""
    return f"""WITH reversed_trades AS ({sqlfiles.renamed("trades", "rows", sqlfiles.shared_text("reversed_trades"))}),
        live_trades AS ({sqlfiles.renamed("trades", "rows", sqlfiles.shared_text("live_trades"))}),
        trade_marks AS ({sqlfiles.renamed("trades", marked, sqlfiles.daily("trade_marks"))})
        {sqlfiles.running(step)}"""


TRADE_TOTALS = Running(
    table="trade_totals",
    source="trades",
    columns={
        "client_id": "BIGINT",
        "first_day": "DATE",
        "last_day": "DATE",
        "bought_on": "DATE",
        "trades": "BIGINT",
        "star_trades": "BIGINT",
        "repo_trades": "BIGINT",
        "orders": "BIGINT",
        "first_order_day": "DATE",
        "first_order": "BIGINT",
    },
    order="client_id",
    step=_over("trade_totals", marked="live_trades"),
    restart=REVERSED,
    lookups=("securities",),
)
MARGIN_TRADES = Running(
    table="margin_trades",
    source="trades",
    columns={"client_id": "BIGINT", "trades": "BIGINT", "first_day": "DATE", "first_trade": "BIGINT"},
    order="client_id",
    step=_over("margin_trades", marked="live_trades"),
    restart=REVERSED,
    lookups=("securities",),
)
TAKEN_BACK = Running(
    table="taken_back",
    source="trades",
    columns={"id": "BIGINT", **CLIENT_DAY, **COUNTED, "security_id": "BIGINT", "bought_shares": "DECIMAL(18,4)"},
    order="client_id, id",
    step=_over("taken_back", marked="reversed_trades"),
    restart=REVERSED,
    lookups=("securities",),
)
OPEN_REPOS = Running(
    table="open_repos",
    source="trades",
    columns={
        "id": "BIGINT",
        "client_id": "BIGINT",
        "security_id": "BIGINT",
        "day": "DATE",
        "amount": MONEY,
        "price": "DECIMAL(18,4)",
    },
    order="client_id, id",
    step=_over("open_repos", marked="live_trades"),
    restart=REVERSED,
    lookups=("securities",),
)
BALANCES = Running(
    table="balances",
    source="cashflows",
    columns={"client_id": "BIGINT", "account_id": "BIGINT", "balance": "DECIMAL(20,2)"},
    order="client_id, account_id",
    step=sqlfiles.running("balances"),
)
ASSET_MARKS = Running(
    table="asset_marks",
    source="asset_days",
    columns={"client_id": "BIGINT", "idle_since": "DATE", "held_on": "DATE"},
    order="client_id",
    step=parameters.filled(sqlfiles.running("asset_marks")),
)
ASSET_DAYS = DayTable(
    table="asset_days",
    columns={
        **CLIENT_DAY,
        "has_fund_account": "BOOLEAN",
        "cash": MONEY,
        "credit_cash": MONEY,
        "market_value": MONEY,
        "product_value": MONEY,
        "debt": MONEY,
        "total": MONEY,
        "net": MONEY,
        "sh_value": MONEY,
        "sz_value": MONEY,
        "holdings": "INTEGER",
        "arrived_at": MOMENT,
    },
    sql=sqlfiles.daily("asset_days"),
    sources=("positions", "margin_accounts", "product_holdings"),
    states=(BALANCES,),
    lookups=("accounts", "securities"),
    window=YEAR,
    complete=True,
)
TRADE_DAYS = DayTable(
    table="trade_days",
    columns={**CLIENT_DAY, "executions": "INTEGER", **COUNTED, "arrived_at": MOMENT},
    sql=f"WITH trade_marks AS ({sqlfiles.daily('trade_marks')}) {sqlfiles.daily('trade_days')}",
    sources=("trades",),
    lookups=("securities",),
    window=YEAR,
)
STATES = (TRADE_TOTALS, MARGIN_TRADES, TAKEN_BACK, OPEN_REPOS, BALANCES, *MONEY_STATES, *CLIENT_STATES)
DAY_TABLES = (ASSET_DAYS, TRADE_DAYS, *MONEY_DAYS, EVENT_DAYS, VISIT_DAYS)
LATE_STATES = (ASSET_MARKS, *LATE_MONEY_STATES, *EVENT_STATES)
for _table in (*STATES, *LATE_STATES, *DAY_TABLES):
    registry.declare(_table.table, _table.columns)
