"""The sweeper: what a lost broker or a dead worker left behind is sent again."""

from celery import shared_task

from clients.shared import clock, queue


@shared_task(name="shared.sweep")
def sweep(job_id: int | None = None) -> int:
    """Sweep once; the number of jobs sent. It needs no row to be performed: it is what mends rows."""
    sent = queue.sweep(now=clock.now())
    if job_id is not None:
        queue.perform(job_id, lambda _argument: None)
    return sent
