"""Trades, cash flows and daily states for the lake. Account numbers, banks and free texts stay in the record."""

from clients.lake.registry import Keeping, Mirror, register

MONEY, RATIO, QUANTITY, PRICE = "DECIMAL(20,2)", "DECIMAL(12,6)", "DECIMAL(20,4)", "DECIMAL(18,4)"
MOMENT = "TIMESTAMP WITH TIME ZONE"
ROW = {"id": "BIGINT", "day": "DATE", "client_id": "BIGINT", "account_id": "BIGINT"}


def _mirror(table: str, source: str, keeping: Keeping, columns: dict[str, str]) -> None:
    every = {**ROW, **columns, "arrived_at": MOMENT}
    register(
        Mirror(
            table=table,
            keeping=keeping,
            source=source,
            scope="account_id",
            dropped=f"SELECT day FROM ledger_droppedday WHERE source = '{source}'",
            columns=every,
            sql=f"SELECT {', '.join(every)} FROM {source} WHERE day = ANY(%(days)s)",
        )
    )


_mirror(
    "trades",
    "ledger_trade",
    Keeping.FACTS,
    {
        "security_id": "BIGINT",
        "exchange": "VARCHAR",
        "trade_no": "VARCHAR",
        "side": "VARCHAR",
        "time": MOMENT,
        "business": "VARCHAR",
        "quantity": QUANTITY,
        "price": PRICE,
        "amount": MONEY,
        "fx": RATIO,
        "net_amount": MONEY,
        "commission": MONEY,
        "stamp_tax": MONEY,
        "transfer_fee": MONEY,
        "other_fee": MONEY,
        "currency": "VARCHAR",
        "channel": "VARCHAR",
        "reversal_of": "VARCHAR",
    },
)
_mirror(
    "cashflows",
    "ledger_cashflow",
    Keeping.FACTS,
    {
        "flow_no": "VARCHAR",
        "time": MOMENT,
        "kind": "VARCHAR",
        "amount": MONEY,
        "balance_after": MONEY,
        "currency": "VARCHAR",
        "security_id": "BIGINT",
        "reversal_of": "VARCHAR",
    },
)
_mirror(
    "positions",
    "ledger_position",
    Keeping.REPLACED,
    {
        "security_id": "BIGINT",
        "quantity": QUANTITY,
        "available": QUANTITY,
        "frozen": QUANTITY,
        "unsettled": QUANTITY,
        "cost_price": PRICE,
        "last_price": PRICE,
        "market_value": MONEY,
        "collateral": "BOOLEAN",
    },
)
_mirror(
    "product_holdings",
    "ledger_productholding",
    Keeping.REPLACED,
    {"product_id": "BIGINT", "shares": QUANTITY, "cost": MONEY, "market_value": MONEY},
)
_mirror(
    "margin_accounts",
    "ledger_marginaccountday",
    Keeping.REPLACED,
    {
        "cash": MONEY,
        "collateral_value": MONEY,
        "debt": MONEY,
        "ratio": RATIO,
        "credit_line": MONEY,
        "warn_line": RATIO,
        "call_line": RATIO,
        "close_line": RATIO,
        "call_day": "DATE",
    },
)
_mirror(
    "margin_contracts",
    "ledger_margincontractday",
    Keeping.REPLACED,
    {
        "contract_no": "VARCHAR",
        "kind": "VARCHAR",
        "security_id": "BIGINT",
        "opened_on": "DATE",
        "due_on": "DATE",
        "principal": MONEY,
        "quantity": QUANTITY,
        "outstanding": MONEY,
        "interest": MONEY,
        "rate": RATIO,
        "extended": "INTEGER",
        "status": "VARCHAR",
    },
)
