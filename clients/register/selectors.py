"""Questions about clients."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from clients.org.models import Staff
from clients.register.models import Client, ClientGrant


def granted_client_ids(staff: Staff, now: datetime) -> QuerySet[Any]:
    """Return the clients opened to this person by name at this moment."""
    return ClientGrant.objects.filter(staff=staff, expires_at__gt=now).values_list("client_id", flat=True)


def client_of(user_id: int) -> Client | None:
    """Return the client behind a login, with branch and manager; None for staff."""
    return Client.objects.filter(user_id=user_id).select_related("branch", "manager").first()
