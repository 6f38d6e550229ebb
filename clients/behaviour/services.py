"""Writing down what happened upstairs."""

from datetime import datetime
from typing import Any

from django.db import transaction

from clients.behaviour.models import BusinessFact


@transaction.atomic
def record(
    *,
    kind: str,
    idem_key: str,
    at: datetime,
    client_id: int | None = None,
    security_id: int | None = None,
    object_id: str = "",
    properties: dict[str, Any] | None = None,
) -> bool:
    """This will keep one business fact in the caller's transaction; False when the same fact is already kept."""
    row = BusinessFact(
        kind=kind,
        idem_key=idem_key,
        at=at,
        client_id=client_id,
        security_id=security_id,
        object_id=object_id,
        properties=properties or {},
    )
    before = BusinessFact.objects.filter(idem_key=idem_key).exists()
    BusinessFact.objects.bulk_create([row], ignore_conflicts=True)
    return not before
