"""Actions on branches, staff and logins."""

import re
from datetime import date, datetime

from django.contrib.auth.password_validation import validate_password
from django.db import connection, transaction

from clients.org.models import AccessLog, Branch, Licence, Role, Staff, StaffRole, User
from clients.org.selectors import administrators
from clients.shared import clock
from clients.shared.advisory import Space


@transaction.atomic
def open_branch(*, code: str, name: str, address: str = "", phone: str = "", parent: Branch | None = None) -> Branch:
    """This will make a branch; one with this code that is there already stays as it is."""
    known = {"name": name, "address": address, "phone": phone, "parent": parent}
    return Branch.objects.get_or_create(code=code, defaults=known)[0]


@transaction.atomic
def hire(
    *,
    staff_no: str,
    name: str,
    branch: Branch,
    roles: list[str],
    password: str | None,
    on: date,
    adviser_licence: str = "",
    phone: str = "",
    tasks_a_day: int | None = None,
) -> Staff:
    """This will make a login and a member of staff with his roles from the day `on`; no password means no login yet.

    Without `tasks_a_day` he takes as many tasks a day as people usually do.
    """
    user = User.objects.create_user(staff_no, password, kind=User.Kind.STAFF)
    load = {} if tasks_a_day is None else {"tasks_a_day": tasks_a_day}
    staff = Staff.objects.create(user=user, staff_no=staff_no, name=name, branch=branch, phone=phone, **load)
    StaffRole.objects.bulk_create(StaffRole(staff=staff, role=role, valid_from=on) for role in roles)
    if adviser_licence:
        Licence.objects.create(staff=staff, kind=Licence.Kind.ADVISER, number=adviser_licence, valid_from=on)
    return staff


READABLE = re.compile(r"[\w-]{1,20}")


class NotTheFirst(Exception):
    """Nobody was appointed; the sentence says why, for the person at the shell."""


@transaction.atomic
def appoint_first_administrator(
    *, staff_no: str, name: str, password: str, branch_code: str, branch_name: str, now: datetime
) -> Staff:
    """This will make the first administrator, in a branch that is made when there is none of that code.

    Raises NotTheFirst when somebody administers the house already or the number is taken, and
    django.core.exceptions.ValidationError for a password that is refused.
    """
    with connection.cursor() as cursor:  # two shells at once: the second finds the first one's administrator
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [Space.FIRST_ADMINISTRATOR])
    day, staff_no, name = clock.shanghai_day(now), staff_no.strip(), name.strip()
    if not READABLE.fullmatch(staff_no) or not READABLE.fullmatch(branch_code) or not 0 < len(name) <= 60:
        raise NotTheFirst("A staff number and a branch code have 1 to 20 letters or digits, a name 1 to 60 letters.")
    if administrators(day):
        raise NotTheFirst("There is an administrator already; he hires others in the administration.")
    if User.objects.filter(login=staff_no).exists():
        raise NotTheFirst(f"Somebody logs in as {staff_no} already; choose another number.")
    validate_password(password)
    branch = open_branch(code=branch_code, name=branch_name)
    roles = [str(Role.ADMINISTRATOR)]
    return hire(staff_no=staff_no, name=name, branch=branch, roles=roles, password=password, on=day)


def log_access(
    *,
    staff: Staff,
    client_id: int,
    action: str,
    now: datetime,
    field: str = "",
    reason: str = "",
    ip: str | None = None,
) -> AccessLog:
    """This will write down that a member of staff opened a client or revealed a field."""
    return AccessLog.objects.create(
        staff=staff, client_id=client_id, action=action, field=field, reason=reason, ip=ip, at=now
    )


@transaction.atomic
def choose_display(*, user: User, choices: dict[str, str]) -> None:
    """This will keep what a person chose about how pages look (and speak) on his login."""
    kept = User.objects.select_for_update().get(pk=user.pk)
    language = choices.get("language", kept.language)
    display = {**kept.display, **{name: value for name, value in choices.items() if name != "language"}}
    User.objects.filter(pk=user.pk).update(language=language, display=display)
