"""What the queue and the clock start: make a client's copy of his data, delete those whose time is over."""

from clients.shared import clock
from clients.shared.queue import job
from portal.home import services


@job("home.copy")
def make_copy(argument: str) -> None:
    """Make the copy of this number."""
    services.make_copy(copy_id=int(argument), now=clock.now())


@job("home.drop_copies")
def drop_copies(argument: str) -> None:
    """Delete the files that nobody may fetch any more."""
    services.drop_copies(now=clock.now())
