"""What the floor above reports back, as rows."""

import uuid
from collections.abc import Iterable
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
def report_delivered(*, hits: Iterable[Hit], now: datetime) -> None:
    """This will mark hits as delivered and their occurrences as used; a second report changes nothing."""
    done = list(hits)
    Hit.objects.filter(pk__in=[hit.pk for hit in done], delivered_at__isnull=True).update(
        stage=Stage.DELIVERED, delivered_at=now, used_on=clock.shanghai_day(now)
    )
    end(hits=done, reason="", now=now)


@transaction.atomic
def report_tasks(*, hits: Iterable[Hit], now: datetime) -> None:
    """This will note when the work of hits was handed to people; a second report changes nothing.

    From then on a hit is a contact to come, which the caps count until it is answered. Of a message that is followed
    by a task this is the moment of the task; a promise alone counts nothing.
    """
    Hit.objects.filter(pk__in=[hit.pk for hit in hits], task_at__isnull=True).update(task_at=now)


@transaction.atomic
def report_stopped(*, hits: Iterable[Hit], reason: str, now: datetime) -> None:
    """This will note why hits could not be delivered after all; the next run judges them again."""
    done = list(hits)
    Hit.objects.filter(pk__in=[hit.pk for hit in done], delivered_at__isnull=True).update(stopped_by=reason)
    end(hits=done, reason=reason, now=now)


def offer_delivery(*, kind: str, code: str, version: int) -> None:
    """This will tell strategies that a playbook or template of this code may be used."""
    DeliveryOption.objects.update_or_create(kind=kind, code=code, defaults={"version": version, "active": True})
