"""Facts that delivery looks at once more, because they may have changed since the hit was judged."""

from datetime import datetime

from django.db.models import Count

from advisory.dispatch.routing import Candidate
from advisory.taskqueue.models import Task
from clients.org.models import Role, Staff
from clients.org.selectors import licensed_advisers
from clients.register import selectors as register
from kpm.strategies.models import Hit, Purpose

STOPPABLE = {Purpose.SERVICE, Purpose.MARKETING}


def late_stop(hit: Hit, now: datetime) -> str:
    """Return why this hit may not be delivered after all (late_consent, account_status), or nothing."""
    purpose = hit.version.purpose
    if hit.client.status == "closed":
        return "account_status"
    if purpose not in STOPPABLE:
        return ""
    given = register.newest_consent(hit.client_id, "marketing" if purpose == Purpose.MARKETING else "service_push")
    refused = given is not True if purpose == Purpose.MARKETING else given is False
    return "late_consent" if refused or register.contact_held(hit.client_id, now) else ""


def candidates(now: datetime) -> list[Candidate]:
    """Return everybody who could take work by name, with licence and open work."""
    licensed = set(licensed_advisers(now).values_list("pk", flat=True))
    active = Task.objects.filter(state__in=[Task.State.OPEN, Task.State.WORKING], assignee__isnull=False)
    loads = dict(active.values_list("assignee_id").annotate(n=Count("pk")))
    people = Staff.objects.filter(left_on__isnull=True, roles__role__in=[Role.ADVISER, Role.MANAGER]).distinct()
    return [Candidate(person.pk, person.branch_id, person.pk in licensed, loads.get(person.pk, 0)) for person in people]
