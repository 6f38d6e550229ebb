"""What stands above the pages of the admin: stops of service in force, strategies held for a person."""

from typing import Any

from django import template

from clients.shared import clock
from kpm.strategies import selectors

register = template.Library()


@register.inclusion_tag("admin/strategies/banner.html")
def service_banner() -> dict[str, Any]:
    """Show what is stopped or held now; nothing when all goes its way."""
    return {"stops": selectors.stops_in_force(clock.now()), "held": selectors.open_holds().count()}
