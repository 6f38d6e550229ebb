"""What the clock starts for capture."""

from clients.shared import clock
from clients.shared.queue import job
from portal.collect import compaction


@job("collect.compact")
def compact(argument: str) -> None:
    """Take the segments that are closed into the lake, unless another worker is at it."""
    compaction.compact(now=clock.now())
