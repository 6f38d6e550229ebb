"""Why a client was not served, in words: from the hit that came nearest to it, or what stopped him before."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kpm.strategies.models import Hit, Stage, StrategyVersion

Words = str | Promise
NO_HIT = _("no strategy meant him")
WAITING = _("waits to be delivered")
STOPPED: dict[str, Words] = {
    "account_status": _("account closed or frozen, or not served by us"),
    "no_consent": _("no consent"),
    "assessment_expired": _("no valid risk assessment"),
    "unsuitable": _("not suitable for his risk level"),
    "no_licence": _("nobody licensed in reach"),
    "cooldown": _("served with this before (cool-down)"),
    "suppressed_by_outcome": _("silent after his own answer"),
    "cap_client": _("contacted as often as allowed"),
    "cap_family": _("contacted about this as often as allowed"),
    "holdout_universal": _("held out to measure the whole programme"),
    "holdout_strategy": _("held out to measure a strategy"),
    "lost_to_stronger": _("lost to a stronger hit"),
    "no_capacity": _("no capacity"),
    "late_consent": _("consent withdrawn before the delivery"),
    "late_cap": _("contacted by others before the delivery"),
    "expired": _("too old when it could be delivered"),
    "need_gone": _("the need was gone"),
    "failed": _("the delivery failed"),
}
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
        return WAITING
    return of_code(hit.stopped_by)


def of_code(code: str) -> Words:
    """Return what a reason of the funnel means."""
    return STOPPED.get(code, OTHER)
