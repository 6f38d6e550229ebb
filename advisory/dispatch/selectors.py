"""Facts that delivery looks at once more, because they may have changed since the hit was judged."""

from datetime import date, datetime

from django.db.models import Count

from advisory.dispatch.routing import Candidate
from advisory.taskqueue.models import Task
from clients.market.calendar import calendar
from clients.org.models import Role, Staff
from clients.org.selectors import licensed_advisers
from clients.register import selectors as register
from clients.shared import clock
from kpm.strategies.caps import over_cap
from kpm.strategies.models import Hit, Purpose

STOPPABLE = {Purpose.SERVICE, Purpose.MARKETING}


def late_stop(hit: Hit, now: datetime) -> str:
    """Return why this hit may not be delivered after all, or nothing; the caller holds the client's lock.

    The facts may have moved since the hit was judged: its news may be old, the account closed, a consent withdrawn,
    another message sent. What is stopped here is judged again by the next run.
    """
    purpose = hit.version.purpose
    if clock.shanghai_day(now) > last_valid_day(hit):
        return "expired"
    if register.is_gone(hit.client) or (purpose in STOPPABLE and register.main_account_blocked(hit.client_id)):
        return "account_status"
    if purpose not in STOPPABLE:
        return ""
    if _refused(hit, now):
        return "late_consent"
    capped = over_cap(client_id=hit.client_id, purpose=purpose, action=hit.version.action, now=now)
    return "late_cap" if capped else ""


def last_valid_day(hit: Hit) -> date:
    """Return the last day on which it still makes sense to say what this hit says: counted from its data."""
    return calendar().shift(hit.last_day, hit.version.valid_days)


def _refused(hit: Hit, now: datetime) -> bool:
    marketing = hit.version.purpose == Purpose.MARKETING
    given = register.newest_consent(hit.client_id, "marketing" if marketing else "service_push")
    return (given is not True if marketing else given is False) or register.contact_held(hit.client_id, now)


def candidates(now: datetime) -> list[Candidate]:
    """Return everybody who could take work by name, with licence and open work."""
    licensed = set(licensed_advisers(now).values_list("pk", flat=True))
    active = Task.objects.filter(state__in=[Task.State.OPEN, Task.State.WORKING], assignee__isnull=False)
    loads = dict(active.values_list("assignee_id").annotate(n=Count("pk")))
    people = Staff.objects.filter(left_on__isnull=True, roles__role__in=[Role.ADVISER, Role.MANAGER]).distinct()
    return [Candidate(person.pk, person.branch_id, person.pk in licensed, loads.get(person.pk, 0)) for person in people]
