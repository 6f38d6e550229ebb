"""States that are carried from day to day, so that no night reads twenty years: first trades and cash balances."""

from clients.lake import registry
from clients.lake.folding import Running
from clients.portrait import sqlfiles


def _over_live_trades(step: str) -> str:
    """Let a step read the executions that stand, by the same rule as the feature groups."""
    shared = sqlfiles.shared("live_trades")
    if shared is None:
        raise FileNotFoundError("features/shared/live_trades.sql is missing")
    return f"WITH trades AS (SELECT * FROM rows), live_trades AS ({shared.text}) {step}"


FIRST_TRADES = Running(
    table="first_trades",
    source="trades",
    columns={"client_id": "BIGINT", "first_day": "DATE"},
    order="client_id",
    step=_over_live_trades(sqlfiles.running("first_trades")),
    # A trade that is taken back may have been the first one: then the whole history decides again.
    restart="SELECT client_id FROM rows WHERE reversal_of <> ''",
)
BALANCES = Running(
    table="balances",
    source="cashflows",
    columns={"client_id": "BIGINT", "account_id": "BIGINT", "balance": "DECIMAL(20,2)"},
    order="client_id, account_id",
    step=sqlfiles.running("balances"),
)
STATES = (FIRST_TRADES, BALANCES)
for _state in STATES:
    registry.declare(_state.table, _state.columns)
