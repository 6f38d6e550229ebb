"""What the clock starts for tasks."""

from advisory.taskqueue import services
from clients.shared import clock
from clients.shared.queue import job
from kpm.outcomes.models import SuccessCase


@job("taskqueue.sweep_lapsed")
def sweep_lapsed(argument: str) -> None:
    """Put back tasks whose lease ran out."""
    services.sweep_lapsed(now=clock.now())


@job("taskqueue.expire")
def expire(argument: str) -> None:
    """Close tasks whose time has passed."""
    services.expire(now=clock.now())


@job("taskqueue.draft_playbook_of_case")
def draft_playbook_of_case(argument: str) -> None:
    """Open a draft of the playbook of one success case of which a strategy was drafted."""
    services.draft_of_practice(case=SuccessCase.objects.get(pk=argument), now=clock.now())
