"""Questions about branches and staff."""

from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from clients.org.models import AccessLog, Licence, Role, Staff, StaffRole
from clients.shared import clock


def valid_on(day: date) -> Q:
    """Return what is true of a role, a licence or whatever else has `valid_from` and `valid_to`, on its days."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def licence_number(person: Staff | None, day: date) -> str:
    """Return the number of a person's licence valid on `day`, an adviser's first; empty without one."""
    if person is None:
        return ""
    found = Licence.objects.filter(valid_on(day), staff=person).order_by("kind", "-valid_from").first()
    return found.number if found else ""


def staff_by_number(staff_no: str) -> Staff | None:
    """Return the member of staff with this number, with login and branch; None when there is none."""
    return Staff.objects.filter(staff_no=staff_no).select_related("user", "branch").first()


def licensed_advisers(now: datetime) -> QuerySet[Staff]:
    """Return the people who may give investment advice today: role and licence both valid."""
    day = clock.shanghai_day(now)
    held = Licence.objects.filter(valid_on(day), kind=Licence.Kind.ADVISER)
    roles = StaffRole.objects.filter(valid_on(day), role=Role.ADVISER)
    return Staff.objects.filter(left_on__isnull=True, pk__in=held.values("staff_id")).filter(
        pk__in=roles.values("staff_id")
    )


def administrators(day: date) -> QuerySet[Staff]:
    """Return who administers the house on a day and can log in."""
    held = StaffRole.objects.filter(valid_on(day), role=Role.ADMINISTRATOR)
    return Staff.objects.filter(left_on__isnull=True, user__is_active=True, pk__in=held.values("staff_id"))


def accesses_of(client_id: int) -> QuerySet[AccessLog]:
    """Return every time that somebody of the house opened a client or revealed a field of his, newest first."""
    return AccessLog.objects.filter(client_id=client_id).select_related("staff__branch").order_by("-at", "-pk")


def actions_since(staff: Staff, action: str, since: datetime) -> int:
    """Return how often a person has done something that the access log keeps, from a moment on."""
    return AccessLog.objects.filter(staff=staff, action=action, at__gte=since).count()


def openings_of(client_id: int) -> QuerySet[AccessLog]:
    """Return of `accesses_of` what the client may hear, with everybody's roles.

    What compliance opened is left out: nobody may be told that he is being looked into.
    """
    day = OuterRef("at__date")
    ended = Q(valid_to__lt=day)
    held = StaffRole.objects.filter(staff=OuterRef("staff"), role=Role.COMPLIANCE, valid_from__lte=day).exclude(ended)
    return accesses_of(client_id).filter(~Exists(held)).prefetch_related("staff__roles")
