"""What clients did with money: facts of the settlement system. A fact never changes; a correction is a new line.

Trades and cash flows grow for ever: both tables are partitioned by year (migration 0002). Rows come by the hundred
thousand through `clients/intake`, whose merge joins every account, client and security; so the keys here carry no
constraint and no index of their own (three look-ups and three index writes a row would cost more than the row), and
`client` is repeated on every row, so that neither a page nor the mirror to the lake needs a join.
"""

from clients.ledger.models.daily import DroppedDay, MarginAccountDay, MarginContractDay, Position, ProductHolding
from clients.ledger.models.facts import CashFlow, Trade
from clients.ledger.models.totals import CommissionMonth

__all__ = [
    "CashFlow",
    "CommissionMonth",
    "DroppedDay",
    "MarginAccountDay",
    "MarginContractDay",
    "Position",
    "ProductHolding",
    "Trade",
]
