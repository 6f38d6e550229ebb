"""Who can take work, how much of it, and how long a hit is worth delivering."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from advisory.dispatch.routing import Candidate
from advisory.taskqueue.models import Task
from clients.market.calendar import Calendar
from clients.org import pools
from clients.org.models import Branch, Cover, Role, Staff, StaffRole
from clients.org.selectors import licensed_advisers, valid_on
from clients.shared import clock
from kpm.strategies import workdays
from kpm.strategies.models import Hit


def last_valid_day(hit: Hit, cal: Calendar) -> date:
    """Return the last day on which it still makes sense to say what this hit says: counted from its data."""
    return cal.shift(hit.last_day, hit.version.valid_days)


@dataclass(frozen=True)
class Seat:
    """What one person can still take of one kind of work on a day."""

    staff_id: int
    branch_code: str
    handler: str
    free: int


HANDLERS = {Role.MANAGER: pools.MANAGER, Role.ADVISER: pools.ADVISER, Role.CALL_CENTRE: pools.CALL_CENTRE}


def seats(at: datetime, before: date) -> list[Seat]:
    """Return the seats of everybody who works at a moment: his tasks a day less his open work; none while away.

    What has lost its worth by then is no work. Open work that the data of `before` or later days found, or that was
    made after that day of work, is not counted: arbitration counts it by its hits.
    """
    day = clock.shanghai_day(at)
    licensed = set(licensed_advisers(at).values_list("pk", flat=True))
    loads = _loads(_found_before(before) & _worth(at))
    away = set(covers(at))
    return [
        Seat(
            staff.pk, staff.branch.code, HANDLERS[Role(row.role)],
            0 if staff.pk in away else max(staff.tasks_a_day - loads.get(staff.pk, 0), 0),
        )
        for row in _roles(day).select_related("staff__branch").order_by("staff_id", "role")
        if (staff := row.staff) and (row.role != Role.ADVISER or staff.pk in licensed)
    ]  # fmt: skip


def branch_codes() -> list[str]:
    """Return the codes of all branches."""
    return list(Branch.objects.order_by("code").values_list("code", flat=True))


def covers(at: datetime) -> dict[int, int]:
    """Return who stands in for whom at a moment, by the absent person."""
    return dict(Cover.objects.filter(starts_at__lte=at, ends_at__gt=at).order_by("pk").values_list("absent", "cover"))


def _roles(day: date) -> QuerySet[StaffRole]:
    """Roles of work held on a day by people who have not left."""
    return StaffRole.objects.filter(valid_on(day), role__in=HANDLERS, staff__left_on__isnull=True)


def waiting_in_pools(at: datetime, before: date) -> dict[str, int]:
    """Return how many open tasks of data before a day, made until its end, wait in each pool for nobody by name.

    Those that nobody can begin any more at a moment are no work.
    """
    found = Task.objects.filter(_found_before(before), _worth(at), state=Task.State.OPEN)
    rows = found.filter(assignee__isnull=True, kind=Task.Kind.TASK)
    return dict(rows.values_list("pool").annotate(n=Count("pk")))


def _found_before(day: date) -> Q:
    return Q(evidence_asof__lt=day, created_at__lt=workdays.ends(day)) | Q(evidence_asof__isnull=True)


def _worth(at: datetime) -> Q:
    """What can still be begun at a moment, or has been."""
    return Q(valid_until__isnull=True) | Q(valid_until__gte=at) | Q(state=Task.State.WORKING)


def _loads(which: Q) -> dict[int, int]:
    active = Task.objects.filter(
        which, state__in=[Task.State.OPEN, Task.State.WORKING], assignee__isnull=False, kind=Task.Kind.TASK
    )
    return dict(active.values_list("assignee_id").annotate(n=Count("pk")))


def candidates(now: datetime) -> list[Candidate]:
    """Return everybody who could take work by name, with licence and open work."""
    licensed = set(licensed_advisers(now).values_list("pk", flat=True))
    loads = _loads(_worth(now))
    named = _roles(clock.shanghai_day(now)).filter(role__in=[Role.ADVISER, Role.MANAGER])
    people = Staff.objects.filter(pk__in=named.values("staff")).exclude(pk__in=covers(now)).order_by("pk")
    return [Candidate(person.pk, person.branch_id, person.pk in licensed, loads.get(person.pk, 0)) for person in people]
