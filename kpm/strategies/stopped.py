"""What nothing may be said about now, as a preview asks for it."""

from datetime import datetime

from django.db.models import Q

from clients.market.models import Security
from kpm.strategies.models import Purpose, ServiceStop
from kpm.strategies.selectors import stops_in_force


def stopped_objects(purpose: str, now: datetime) -> list[str]:
    """Return what nothing of a purpose may be said about at a moment: codes of products and securities, and the names
    that these securities have.
    """
    rows = stops_in_force(now).filter(scope__in=(ServiceStop.Scope.PRODUCT, ServiceStop.Scope.SECURITY))
    if purpose != Purpose.MARKETING:
        rows = rows.filter(purposes=ServiceStop.Purposes.BOTH) if purpose == Purpose.SERVICE else rows.none()
    found = list(rows.values_list("scope", "code"))
    listed = [code.partition(".") for scope, code in found if scope == ServiceStop.Scope.SECURITY]
    named = Q(pk__in=[])
    for code, _dot, exchange in listed:
        named |= Q(code=code, exchange=exchange)
    names = Security.objects.filter(named).values_list("name", flat=True)
    return sorted({code for _scope, code in found} | set(names))
