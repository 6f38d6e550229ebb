"""The file kinds of the ledger: trades, cash flows, positions, margin. Importing this registers them."""

from clients.intake.registry import register
from clients.ledger.kinds import cashflows, margin, positions, trades

for kind in (trades.KIND, cashflows.KIND, positions.KIND, margin.KIND):
    register(kind)
