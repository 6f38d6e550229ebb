"""Showing one hidden particular of a client on request, with a reason and within a limit, and written down.

Who may at all is decided in `clients/org/access.py` (Level.REVEAL), how many a day by RevealRule. Nothing is kept open:
whoever looks again sees it hidden, and asks again.
"""

from datetime import datetime, time

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.org import access, selectors, services
from clients.org.models import Staff, User
from clients.org.standing import Standing, standing_of
from clients.register.models import Client, RevealRule
from clients.register.selectors import rules_in_force, sees
from clients.shared import clock
from clients.shared.masking import Level

ACTION = "reveal"


class Reason(models.TextChoices):
    """Why somebody has a particular shown; the client reads it."""

    REACH = "reach", gettext_lazy("to reach the client")
    VERIFY = "verify", gettext_lazy("to verify who he is")
    REQUEST = "request", gettext_lazy("the client asked for something that needs it")
    CORRECT = "correct", gettext_lazy("to correct his record")
    DUTY = "duty", gettext_lazy("a duty of law or supervision")


class RevealRefused(Exception):
    """Nothing is shown and nothing was written; the text says why and what would be right."""


@transaction.atomic
def reveal(*, client: Client, field: str, reason: str, by: User, now: datetime, ip: str | None = None) -> str:
    """This will write down that a person has a particular shown, and return it in full. Raises RevealRefused."""
    who = standing_of(by)
    if who is None or not _may(client, field, by, now):
        raise RevealRefused(_("This particular stays hidden for your role."))
    if reason not in Reason.values:
        raise RevealRefused(_("Choose a reason from the list."))
    Staff.objects.select_for_update().get(pk=who.staff.pk)  # of two presses at once the second counts the first
    if selectors.actions_since(who.staff, ACTION, clock.at_shanghai(clock.shanghai_day(now), time())) >= limit(
        who, now
    ):
        raise RevealRefused(_("You have had as many particulars shown today as your role may. Ask your supervisor."))
    services.log_access(staff=who.staff, client_id=client.pk, action=ACTION, field=field, reason=reason, now=now, ip=ip)
    return str(getattr(client, field))


def _may(client: Client, field: str, by: User, now: datetime) -> bool:
    return access.field_level(by, field, now=now) is Level.REVEAL and sees(by, client.pk, now)


def limit(who: Standing, now: datetime) -> int:
    """Return how many particulars a person may have shown today: of several roles the highest limit counts."""
    rules: dict[str, int] = {}
    for rule in rules_in_force(RevealRule, clock.shanghai_day(now)).filter(role__in=who.roles(now)):
        rules.setdefault(rule.role, rule.a_day)
    return max(rules.values(), default=0)
