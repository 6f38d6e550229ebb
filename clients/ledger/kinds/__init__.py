"""The file kinds of the ledger: trades, cash flows, positions, product holdings, margin. Importing registers them."""

from clients.intake.registry import register
from clients.ledger.kinds import cashflows, holdings, margin, positions, trades

for kind in (trades.KIND, cashflows.KIND, positions.KIND, holdings.KIND, margin.KIND):
    register(kind)
