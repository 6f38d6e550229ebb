"""Day tables and running states of transfers, purchases and products (see `clients/portrait/states.py`)."""

from clients.lake.folding import Running
from clients.lake.registry import MOMENT
from clients.portrait import sqlfiles
from clients.portrait.daytables import DayTable

YEAR = 380  # natural days: the longest window of a feature, and the closure of the exchanges before it
MONEY, QUANTITY = "DECIMAL(18,2)", "DECIMAL(18,4)"
CLIENT_DAY = {"day": "DATE", "client_id": "BIGINT"}
# A line that is taken back may have been the first one: then the whole history of the client decides again.
REVERSED = "SELECT client_id FROM rows WHERE reversal_of <> ''"


def _over_flows(step: str, *views: str) -> str:
    """Let a step read shared views of cash movements, made from its rows."""
    made = [f"{view} AS ({sqlfiles.renamed('cashflows', 'rows', sqlfiles.shared_text(view))})" for view in views]
    return f"WITH {', '.join(made)} {sqlfiles.running(step)}"


CASH_MARKS = Running(
    table="cash_marks",
    source="cashflows",
    columns={"client_id": "BIGINT", "funded_on": "DATE", "paid_into_product_on": "DATE"},
    order="client_id",
    step=_over_flows("cash_marks", "reversed_flows", "live_flows"),
    restart=REVERSED,
)
RETURNED_FLOWS = Running(
    table="returned_flows",
    source="cashflows",
    columns={"id": "BIGINT", **CLIENT_DAY, "moved": MONEY},
    order="client_id, id",
    step=_over_flows("returned_flows", "reversed_flows"),
    restart=REVERSED,
)
FLOW_DAYS = DayTable(
    table="flow_days",
    columns={**CLIENT_DAY, "moved": MONEY, "arrived_at": MOMENT},
    sql=sqlfiles.daily("flow_days"),
    sources=("cashflows",),
    window=YEAR,
)
BOUGHT_DAYS = DayTable(
    table="bought_days",
    columns={**CLIENT_DAY, "security_id": "BIGINT", "quantity": QUANTITY, "arrived_at": MOMENT},
    sql=sqlfiles.daily("bought_days"),
    sources=("trades",),
    lookups=("securities",),
    window=YEAR,
    order="client_id, security_id",
)
PRODUCT_DAYS = DayTable(
    table="product_days",
    columns={
        **CLIENT_DAY,
        "product_id": "BIGINT",
        "shares": "DECIMAL(20,4)",
        "cost": MONEY,
        "market_value": MONEY,
        "arrived_at": MOMENT,
    },
    sql=sqlfiles.daily("product_days"),
    sources=("product_holdings",),
    window=YEAR,
    order="client_id, product_id",
)
PRODUCT_MARKS = Running(
    table="product_marks",
    source="product_days",
    columns={
        "client_id": "BIGINT",
        "product_id": "BIGINT",
        "held_since": "DATE",
        "seen_on": "DATE",
        "peak": "DECIMAL(18,6)",
        "drawdown": "DECIMAL(12,6)",
    },
    order="client_id, product_id",
    step=sqlfiles.running("product_marks"),
)
MONEY_STATES = (CASH_MARKS, RETURNED_FLOWS)
MONEY_DAYS = (FLOW_DAYS, BOUGHT_DAYS, PRODUCT_DAYS)
LATE_MONEY_STATES = (PRODUCT_MARKS,)
