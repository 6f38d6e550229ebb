"""Taking back what a run found and nobody has delivered yet."""

from datetime import datetime

from django.db.models import QuerySet

from kpm.strategies.models import Hit, Stage
from kpm.strategies.services.closing import end


def withdraw(*, hits: QuerySet[Hit], reason: str, now: datetime) -> int:
    """This will end the undelivered hits among these, in the caller's transaction; how many.

    Their occurrences stay unused: what a better version finds of the same need is a hit again. Tasks that people have
    already are not touched.
    """
    waiting = hits.filter(stage=Stage.WITHIN_CAPACITY, delivered_at__isnull=True, stopped_by="")
    found = list(waiting.order_by("pk").select_for_update(of=("self",)))
    for hit in found:
        end(hit=hit, reason=reason, now=now)
    Hit.objects.filter(pk__in=[hit.pk for hit in found]).update(stopped_by=reason)
    return len(found)
