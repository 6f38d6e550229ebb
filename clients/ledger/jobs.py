"""What the clock starts for the ledger."""

from clients.ledger import services
from clients.market.calendar import last_trading_day
from clients.shared import clock
from clients.shared.queue import job


@job("ledger.prune")
def prune(argument: str) -> None:
    """Drop daily state that the lake holds, up to the last settled trading day."""
    now = clock.now()
    services.prune_daily_state(day=last_trading_day(now), now=now)


@job("ledger.sum_commission")
def sum_commission(argument: str) -> None:
    """Bring the commission by client and month up to the trades that are there."""
    services.sum_commission(day=last_trading_day(clock.now()))
