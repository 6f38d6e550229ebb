"""What the clock starts for tasks."""

from advisory.taskqueue import services
from clients.shared import clock
from clients.shared.queue import job


@job("taskqueue.sweep_lapsed")
def sweep_lapsed(argument: str) -> None:
    """Put back tasks whose lease ran out."""
    services.sweep_lapsed(now=clock.now())


@job("taskqueue.expire")
def expire(argument: str) -> None:
    """Close tasks whose time has passed."""
    services.expire(now=clock.now())
