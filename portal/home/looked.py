"""Who of our staff opened a client's data: when, as what, which part of it and why, for himself to read.

What compliance opened is not among it (`clients.org.selectors.openings_of`).
"""

from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.org.models import AccessLog
from clients.portrait.traits.trait import Text
from clients.register import revealing
from clients.shared import clock

ACTIONS: dict[str, Text] = {
    "events": gettext_lazy("what you did on screen"),
    "client": gettext_lazy("the page with your data"),
    "portrait": gettext_lazy("the conclusions about you"),
    revealing.ACTION: gettext_lazy("a hidden particular"),
    "admin": gettext_lazy("a stored record"),
}
FIELDS: dict[str, Text] = {
    "mobile": gettext_lazy("mobile number"),
    "id_no": gettext_lazy("number of the ID document"),
    "bank_card": gettext_lazy("bank card"),
    "address": gettext_lazy("address"),
    "email": gettext_lazy("e-mail address"),
}


@dataclass(frozen=True)
class Opening:
    """One opening: who (by number), as what, where he works, what he opened and the reason he gave."""

    at: datetime
    staff_no: str
    roles: str
    branch: str
    what: str
    reason: str


def opening(row: AccessLog) -> Opening:
    """Return a line of the access log in words."""
    return Opening(row.at, row.staff.staff_no, _roles(row), row.staff.branch.name, _what(row), _reason(row))


def _roles(row: AccessLog) -> str:
    """What he was on that day."""
    day = clock.shanghai_day(row.at)
    begun = [one for one in row.staff.roles.all() if one.valid_from <= day]
    return _(", ").join(str(one.get_role_display()) for one in begun if one.valid_to is None or one.valid_to >= day)


def _what(row: AccessLog) -> str:
    words = str(ACTIONS.get(row.action, _("your data")))
    detail = str(FIELDS.get(row.field, "")) or _table(row.field)
    return _("%(what)s: %(detail)s") % {"what": words, "detail": detail} if detail else words


def _reason(row: AccessLog) -> str:
    """The reason as it was chosen or typed."""
    chosen = row.action == revealing.ACTION and row.reason in revealing.Reason.values
    return str(revealing.Reason(row.reason).label) if chosen else row.reason


def _table(label: str) -> str:
    """The name of the table that a record belongs to; empty for anything else."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return ""
