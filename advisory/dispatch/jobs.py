"""What the clock starts: deliver what was found."""

from advisory.dispatch import services
from clients.shared import clock
from clients.shared.queue import job


@job("dispatch.deliver")
def deliver(argument: str) -> None:
    """Deliver every pending hit."""
    services.deliver_pending(now=clock.now())
