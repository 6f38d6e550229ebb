"""What stands above the pages of the admin: stops of service in force, strategies that wait for a person."""

from typing import Any

from django import template

from clients.shared import clock
from kpm.strategies import selectors

register = template.Library()


@register.inclusion_tag("admin/strategies/banner.html")
def service_banner() -> dict[str, Any]:
    """Show what is stopped, held or waits now; nothing when all goes its way."""
    counts = {"held": selectors.open_holds().count(), "asks": selectors.waiting_steps()}
    return {"stops": selectors.stops_in_force(clock.now()), **counts}
