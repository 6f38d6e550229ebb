"""Held risk and regulatory hits: somebody looks at them within minutes, or more people hear of it (STRATEGY 5).

The alarm is the hold itself with its `due_at`: operators see it at once, approvers too from the moment it is escalated.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from clients.org.models import Role, User
from clients.org.standing import holds
from kpm.strategies.contact import NEVER_STOPPED
from kpm.strategies.figures import breaker
from kpm.strategies.models import StrategyHold, StrategyVersion
from kpm.strategies.services.approvals import CannotChange, may_sign

log = logging.getLogger(__name__)


def due(version: StrategyVersion, now: datetime) -> datetime | None:
    """Return until when somebody has to look at a version that is held now; None where nobody is in a hurry."""
    return now + timedelta(minutes=breaker().alarm_minutes) if version.purpose in NEVER_STOPPED else None


def hears(by: User, now: datetime) -> bool:
    """Whether somebody is of those who hear an alarm at once."""
    return holds(by, Role.OPERATOR, now)


def may_take(hold: StrategyHold, by: User, now: datetime) -> bool:
    """Whether somebody may say that he looks into an alarm: operators, and approvers of the strategy."""
    return hears(by, now) or may_sign(hold.version, by, now)


@transaction.atomic
def take(*, hold: StrategyHold, by: User, now: datetime) -> StrategyHold:
    """This will note that somebody looks into an alarm, so that it is not escalated; it stays held until released."""
    row = StrategyHold.objects.select_for_update(of=("self",)).select_related("version__strategy").get(pk=hold.pk)
    if not may_take(row, by, now):
        raise CannotChange(_("Operators, and approvers of the strategy, look into an alarm."))
    if row.released_at is not None:
        raise CannotChange(_("This is released already."))
    if row.taken_at is not None:
        raise CannotChange(_("%(who)s looks into it already.") % {"who": row.taken_by})
    row.taken_by, row.taken_at = by, now
    row.save(update_fields=["taken_by", "taken_at"])
    return row


@transaction.atomic
def escalate(*, now: datetime) -> int:
    """This will escalate every alarm whose time is over and that nobody looks into, each once; how many."""
    late = StrategyHold.objects.filter(
        due_at__lte=now, released_at__isnull=True, taken_at__isnull=True, escalated_at__isnull=True
    )
    rows = list(late.select_for_update(of=("self",)).select_related("version__strategy").order_by("pk"))
    for row in rows:
        log.error("%s is held since %s and nobody looks into it: %s", row.version, row.held_at, row.what)
    StrategyHold.objects.filter(pk__in=[row.pk for row in rows]).update(escalated_at=now)
    return len(rows)
