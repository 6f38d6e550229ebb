"""The one switch: service that stops at once, in every run, at every delivery and when a task is taken up."""

import uuid
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from clients.org.models import Role, User
from clients.org.standing import holds
from kpm.strategies.gates import SWITCHED_OFF
from kpm.strategies.models import ServiceStop, StopLift
from kpm.strategies.services.approvals import CannotChange

# Who may press it; lifting takes another one of them.
STOPPERS = (Role.OPERATOR, Role.SERVICE_OPS, Role.COMPLIANCE)
OF_A_HIT = f"""
SELECT EXISTS (SELECT FROM (
    SELECT h.client_id, h.object_key, h.evidence, v.purpose FROM strategies_hit h
    JOIN strategies_strategyversion v ON v.id = h.version_id WHERE h.uid = %(uid)s) m WHERE {SWITCHED_OFF})
"""


def may_stop(by: User, now: datetime) -> bool:
    """Whether a person may stop service, or let a stop of another one go."""
    return any(holds(by, role, now) for role in STOPPERS)


@transaction.atomic
def stop_service(*, stop: ServiceStop, by: User, now: datetime) -> ServiceStop:
    """This will stop service from this moment on: one person, one press, a reason."""
    if not may_stop(by, now):
        raise CannotChange(_("Operators, HQ service operations and compliance stop service."))
    if not stop.reason.strip():
        raise CannotChange(_("Say why; the reason is kept."))
    stop.set_by, stop.set_at, stop.from_at = by, now, now
    stop.save()
    return stop


@transaction.atomic
def lift_stop(*, stop: ServiceStop, by: User, now: datetime, reason: str) -> StopLift:
    """This will let service go on, at the word of a second person; what was stopped is judged by the next run."""
    row = ServiceStop.objects.select_for_update().get(pk=stop.pk)
    if not may_stop(by, now):
        raise CannotChange(_("Operators, HQ service operations and compliance stop service."))
    if by.pk == row.set_by_id:
        raise CannotChange(_("Who stopped service does not let it go on; ask a colleague."))
    if StopLift.objects.filter(stop=row).exists():
        raise CannotChange(_("This stop is lifted already."))
    if not reason.strip():
        raise CannotChange(_("Say why; the reason is kept."))
    return StopLift.objects.create(stop=row, by=by, at=now, reason=reason.strip()[:500])


def is_stopped(*, hit_uid: uuid.UUID, now: datetime) -> bool:
    """Whether the switch stops a hit at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(OF_A_HIT, {"uid": str(hit_uid), "now": now})
        return bool(cursor.fetchone()[0])
