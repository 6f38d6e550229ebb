"""What the floor above reports back, as rows."""

import uuid
from datetime import datetime

from django.db import transaction

from clients.org.models import Staff
from clients.shared import clock
from kpm.strategies.models import DeliveryOption, Hit, HitFeedback, Stage
from kpm.strategies.services.closing import end


@transaction.atomic
def record_feedback(
    *, hit_uid: uuid.UUID, contact: str, response: str, verdict: str, staff: Staff | None, idem_key: str, now: datetime
) -> HitFeedback:
    """This will keep what the desk answered about a hit; the same key again returns the first row."""
    known = HitFeedback.objects.filter(idem_key=idem_key).first()
    return known or HitFeedback.objects.create(
        hit=Hit.objects.get(uid=hit_uid), contact=contact, response=response, verdict=verdict, staff=staff,
        at=now, idem_key=idem_key,
    )  # fmt: skip


@transaction.atomic
def report_delivered(*, hit: Hit, now: datetime) -> None:
    """This will mark a hit as delivered and its occurrence as used; a second report changes nothing."""
    Hit.objects.filter(pk=hit.pk, delivered_at__isnull=True).update(
        stage=Stage.DELIVERED, delivered_at=now, used_on=clock.shanghai_day(now)
    )
    end(hit=hit, reason="", now=now)


@transaction.atomic
def report_task(*, hit: Hit, now: datetime) -> None:
    """This will note when the work of a hit was handed to a person; a second report changes nothing.

    From then on the hit is a contact to come, which the caps count until it is answered. Of a message that is followed
    by a task this is the moment of the task; a promise alone counts nothing.
    """
    Hit.objects.filter(pk=hit.pk, task_at__isnull=True).update(task_at=now)


@transaction.atomic
def report_stopped(*, hit: Hit, reason: str, now: datetime) -> None:
    """This will note why a hit could not be delivered after all; the next run judges it again."""
    Hit.objects.filter(pk=hit.pk, delivered_at__isnull=True).update(stopped_by=reason)
    end(hit=hit, reason=reason, now=now)


def offer_delivery(*, kind: str, code: str, version: int) -> None:
    """This will tell strategies that a playbook or template of this code may be used."""
    DeliveryOption.objects.update_or_create(kind=kind, code=code, defaults={"version": version, "active": True})
