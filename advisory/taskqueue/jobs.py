"""What the clock starts for tasks."""

from celery import shared_task

from advisory.taskqueue import services
from clients.shared import clock


@shared_task(name="taskqueue.sweep_lapsed")
def sweep_lapsed() -> int:
    """Put back tasks whose lease ran out; their number."""
    return services.sweep_lapsed(now=clock.now())
