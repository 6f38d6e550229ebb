"""What access depends on of a member of staff: his row and branch, his roles, whom he covers.

Read once a request: the login that a session brings carries its standing, and both end with the request. A login that
comes from anywhere else (a job, a shell) is read anew at each question, so nothing is ever decided from what was true
in an earlier request. Clients granted by name are no part of it; they stay a subquery, decided in the same statement
as the rows.
"""

from datetime import date, datetime
from functools import cached_property

from django.contrib.auth.models import AnonymousUser

from clients.org.models import Cover, Staff, StaffRole, User
from clients.shared import clock


class Standing:
    """A member of staff with what he holds, each part read when it is first asked for."""

    def __init__(self, staff: Staff) -> None:
        self.staff = staff

    def roles(self, now: datetime) -> set[str]:
        """Return the roles that he holds today; both end days count."""
        day = clock.shanghai_day(now)
        return {role for role, first, last in self._roles if first <= day and (last is None or last >= day)}

    def covered(self, now: datetime) -> list[int]:
        """Return the people for whom he stands in at this moment."""
        return [absent for absent, start, end in self._covers if start <= now < end]

    @cached_property
    def _roles(self) -> list[tuple[str, date, date | None]]:
        return list(StaffRole.objects.filter(staff=self.staff).values_list("role", "valid_from", "valid_to"))

    @cached_property
    def _covers(self) -> list[tuple[int, datetime, datetime]]:
        return list(Cover.objects.filter(cover=self.staff).values_list("absent_id", "starts_at", "ends_at"))


def carry(user: User) -> User:
    """Return the login of a request with its standing, which it keeps; only for a login made anew for the request."""
    user.standing = Standing(user.staff)  # type: ignore[attr-defined]
    return user


def standing_of(user: User | AnonymousUser) -> Standing | None:
    """Return the standing behind a login; None for clients, visitors and who has left."""
    if carried := getattr(user, "standing", None):
        return carried  # type: ignore[no-any-return]
    if not user.is_authenticated or user.kind != User.Kind.STAFF:
        return None
    staff = Staff.objects.filter(user=user, left_on__isnull=True).select_related("branch").first()
    return Standing(staff) if staff else None


def holds(user: User, role: str, now: datetime) -> bool:
    """Whether a person of the house holds a role today; what only this role may do asks here."""
    who = standing_of(user)
    return who is not None and role in who.roles(now)
