"""The sweeper: what a lost broker or a dead worker left behind is sent again."""

from celery import shared_task

from clients.shared import clock, queue


@shared_task(name="shared.sweep")
def sweep() -> int:
    """Send stale jobs again; the number of jobs sent."""
    return queue.sweep(now=clock.now())
