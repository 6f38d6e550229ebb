"""What stands above the pages of the admin: stops of service in force, strategies that wait for a person."""

from typing import Any

from django import template

from clients.org.models import User
from clients.shared import clock
from kpm.strategies import naming, selectors
from kpm.strategies.services import alarms

register = template.Library()


@register.inclusion_tag("components/alarms.html")
def strategy_alarms(user: User) -> dict[str, Any]:
    """Show the alarms that somebody hears: operators each at once, all others who may look at holds when escalated."""
    if not user.has_perm("strategies.view_strategyhold"):
        return {"alarms": []}
    now = clock.now()
    rows = selectors.open_alarms(escalated=not alarms.hears(user, now))
    said = [
        {"hold": row, "purpose": row.version.get_purpose_display(), "finding": naming.finding(row.what)} for row in rows
    ]
    return {"alarms": said}


@register.inclusion_tag("admin/strategies/banner.html")
def service_banner() -> dict[str, Any]:
    """Show what is stopped, held or waits now; nothing when all goes its way."""
    counts = {"held": selectors.open_holds().count(), "asks": selectors.waiting_steps()}
    return {"stops": selectors.stops_in_force(clock.now()), **counts}
