"""What the clock starts for outcomes."""

from clients.market.calendar import last_trading_day
from clients.shared import clock
from clients.shared.queue import job
from kpm.outcomes import services


@job("outcomes.take_stock")
def take_stock(argument: str) -> None:
    """Measure the windows that closed up to the last settled trading day, compare and learn."""
    now = clock.now()
    services.take_stock(day=last_trading_day(now), now=now)
