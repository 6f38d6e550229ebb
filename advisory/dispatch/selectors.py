"""Facts that delivery looks at once more, because they may have changed since the hit was judged."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from advisory.dispatch.routing import Candidate
from advisory.taskqueue.models import Task
from clients.market.calendar import calendar
from clients.org.models import Cover, Role, Staff, StaffRole
from clients.org.selectors import licensed_advisers
from clients.register import selectors as register
from clients.shared import clock
from kpm.strategies.caps import over_cap
from kpm.strategies.models import Hit, Purpose

STOPPABLE = {Purpose.SERVICE, Purpose.MARKETING}


def late_stop(hit: Hit, now: datetime, *, contact: str = "") -> str:
    """Return why this hit may not be delivered after all, or nothing; the caller holds the client's lock.

    `contact` is the action that is about to happen when it is not the version's first one.

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
    capped = over_cap(client_id=hit.client_id, purpose=purpose, action=contact or hit.version.action, now=now)
    return "late_cap" if capped else ""


def last_valid_day(hit: Hit) -> date:
    """Return the last day on which it still makes sense to say what this hit says: counted from its data."""
    return calendar().shift(hit.last_day, hit.version.valid_days)


def _refused(hit: Hit, now: datetime) -> bool:
    marketing = hit.version.purpose == Purpose.MARKETING
    given = register.newest_consent(hit.client_id, "marketing" if marketing else "service_push")
    return (given is not True if marketing else given is False) or register.contact_held(hit.client_id, now)


@dataclass(frozen=True)
class Seat:
    """What one person can still take of one kind of work on a day."""

    staff_id: int
    branch_code: str
    handler: str
    free: int


HANDLERS = {Role.MANAGER: "client_manager", Role.ADVISER: "adviser", Role.CALL_CENTRE: "call_centre"}


def seats(at: datetime) -> list[Seat]:
    """Return the seats of everybody who works at a moment: his tasks a day less his open work; none while away."""
    day = clock.shanghai_day(at)
    licensed = set(licensed_advisers(at).values_list("pk", flat=True))
    loads = _loads()
    away = Cover.objects.filter(starts_at__lte=at, ends_at__gt=at).values("absent")
    held = StaffRole.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
    roles = held.filter(role__in=HANDLERS, staff__left_on__isnull=True).exclude(staff__in=away)
    return [
        Seat(staff.pk, staff.branch.code, HANDLERS[Role(row.role)], max(staff.tasks_a_day - loads.get(staff.pk, 0), 0))
        for row in roles.select_related("staff__branch").order_by("staff_id", "role")
        if (staff := row.staff) and (row.role != Role.ADVISER or staff.pk in licensed)
    ]


def waiting_in_pools() -> dict[str, int]:
    """Return how many open tasks wait in each pool for nobody by name."""
    rows = Task.objects.filter(state=Task.State.OPEN, assignee__isnull=True, kind=Task.Kind.TASK)
    return dict(rows.values_list("pool").annotate(n=Count("pk")))


def _loads() -> dict[int, int]:
    active = Task.objects.filter(
        state__in=[Task.State.OPEN, Task.State.WORKING], assignee__isnull=False, kind=Task.Kind.TASK
    )
    return dict(active.values_list("assignee_id").annotate(n=Count("pk")))


def candidates(now: datetime) -> list[Candidate]:
    """Return everybody who could take work by name, with licence and open work."""
    licensed = set(licensed_advisers(now).values_list("pk", flat=True))
    loads = _loads()
    people = Staff.objects.filter(left_on__isnull=True, roles__role__in=[Role.ADVISER, Role.MANAGER]).distinct()
    return [Candidate(person.pk, person.branch_id, person.pk in licensed, loads.get(person.pk, 0)) for person in people]
