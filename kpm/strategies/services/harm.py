"""A version whose effect is harmful is stopped at once, until an approver says otherwise (STRATEGY 9.3)."""

import logging
from datetime import datetime

from django.db import transaction

from kpm.strategies.models import Funnel, Run, StrategyHold, StrategyVersion

log = logging.getLogger(__name__)


@transaction.atomic
def hold_for_harm(*, version: StrategyVersion, found: float, limit: float, now: datetime) -> bool:
    """This will hold a version whose treated clients reach its goal `found` (a share) less often than the held out, or
    answered too often as nobody should; `limit` is the bound that was crossed. Whether it was not held for it before.

    What an approver released is not held again for the same: he has seen it. A version that never ran is not held.
    """
    runs = Funnel.objects.filter(version=version).values("run")
    run = Run.objects.filter(pk__in=runs).order_by("-day", "-pk").first()
    if run is None or StrategyHold.objects.filter(version=version, kind=StrategyHold.Kind.EFFECT).exists():
        return False
    kind = StrategyHold.Kind.EFFECT
    said = {"run": run, "value": found, "limit": limit, "held_at": now}
    _row, created = StrategyHold.objects.get_or_create(
        version=version, kind=kind, what="harmful", released_at=None, defaults=said
    )
    if created:
        log.error("%s is held: it does harm (%s, limit %s)", version, found, limit)
    return created
