"""What the clock starts: write what people can take, deliver what was found, follow up on messages."""

from advisory.dispatch import services
from clients.market.calendar import calendar
from clients.shared import clock
from clients.shared.queue import job


@job("dispatch.deliver")
def deliver(argument: str) -> None:
    """Deliver every pending hit."""
    services.deliver_pending(now=clock.now())


@job("dispatch.follow_up")
def follow_up(argument: str) -> None:
    """Turn promises that are due into tasks."""
    services.follow_up(now=clock.now())


@job("dispatch.write_budgets")
def write_budgets(argument: str) -> None:
    """Write what people can take on the next trading day."""
    services.write_budgets(day=calendar().shift(clock.shanghai_day(clock.now()), 1))
