"""Taking back what a run found and nobody has delivered yet."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from kpm.strategies.models import Hit, Stage, Strategy, StrategyVersion, VersionEvent
from kpm.strategies.services.closing import end


def withdraw(*, hits: QuerySet[Hit], reason: str, now: datetime) -> int:
    """This will end the undelivered hits among these, in the caller's transaction; how many.

    Their occurrences stay unused: what a better version finds of the same need is a hit again. Tasks that people have
    already are not touched.
    """
    waiting = hits.filter(stage=Stage.WITHIN_CAPACITY, delivered_at__isnull=True, stopped_by="")
    found = list(waiting.order_by("pk").select_for_update(of=("self",)))
    end(hits=found, reason=reason, now=now)
    Hit.objects.filter(pk__in=[hit.pk for hit in found]).update(stopped_by=reason)
    return len(found)


def over(versions: Iterable[StrategyVersion]) -> list[int]:
    """Return which of these versions somebody took back or retired since they were read, by id.

    Their strategies stay locked until the caller's transaction ends: a step taken after this waits, and then finds what
    the transaction wrote.
    """
    read = {version.pk: version.strategy_id for version in versions}
    locked = Strategy.objects.select_for_update(no_key=True).filter(pk__in=read.values()).order_by("pk")
    retired = [row.pk for row in locked if row.status == Strategy.Status.RETIRED]
    gone = Q(events__kind=VersionEvent.Kind.WITHDRAWN) | Q(strategy__in=retired)
    return list(StrategyVersion.objects.filter(gone, pk__in=read).values_list("pk", flat=True).distinct())
