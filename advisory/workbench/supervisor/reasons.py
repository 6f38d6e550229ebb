"""Why a client was not served, in words: from the hit that came nearest to it, or what stopped him before."""

from django.utils.translation import gettext_lazy as _

from kpm.strategies.models import Hit, Stage, StrategyVersion
from kpm.strategies.naming import STOPS, Words

NO_HIT = _("no strategy meant him")
DELIVERED: dict[str, Words] = {
    StrategyVersion.Action.PUSH: _("message not read"),
    StrategyVersion.Action.PUSH_THEN_TASK: _("message not read, client not reached"),
    StrategyVersion.Action.REMINDER: _("only a reminder to his manager"),
}
NOT_REACHED = _("task, client not reached")
OTHER = _("stopped before the delivery")


def of_hit(hit: Hit) -> Words:
    """Return why a hit served nobody."""
    if hit.stage == Stage.DELIVERED:
        return DELIVERED.get(hit.version.action, NOT_REACHED)
    if hit.stage == Stage.WITHIN_CAPACITY and not hit.stopped_by:
        return STOPS["waiting"]
    return of_code(hit.stopped_by)


def of_code(code: str) -> Words:
    """Return what a reason of the funnel means."""
    return STOPS.get(code, OTHER)
