"""What the clock starts for capture."""

from clients.shared import clock
from clients.shared.queue import job
from portal.collect import again, compaction


@job("collect.compact")
def compact(argument: str) -> None:
    """Take the segments that are closed into the lake, unless another worker is at it."""
    compaction.compact(now=clock.now())


@job("collect.sessions")
def bring_up_sessions(argument: str) -> None:
    """Bring the visits of recent days up to date."""
    compaction.bring_up_sessions(today=clock.shanghai_day(clock.now()))


@job("collect.settle")
def settle(argument: str) -> None:
    """Before the night's features: take all in, settle whose visitors' histories are, bring all visits up to date."""
    now = clock.now()
    again.bring(now=now)
    compaction.settle(now=now)
