"""Questions about clients."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from clients.org.models import Staff
from clients.register.models import Client, ClientGrant, Consent, ContactHold


def granted_client_ids(staff: Staff, now: datetime) -> QuerySet[Any]:
    """Return the clients opened to this person by name at this moment."""
    return ClientGrant.objects.filter(staff=staff, expires_at__gt=now).values_list("client_id", flat=True)


def client_of(user_id: int) -> Client | None:
    """Return the client behind a login, with branch and manager; None for staff."""
    return Client.objects.filter(user_id=user_id).select_related("branch", "manager").first()


def newest_consent(client_id: int, purpose: str) -> bool | None:
    """Return what the client last said about a purpose: given, withdrawn, or None for never asked."""
    rows = Consent.objects.filter(client_id=client_id, purpose=purpose).order_by("-at", "-pk")
    return rows.values_list("given", flat=True).first()


def contact_held(client_id: int, now: datetime) -> bool:
    """Whether a complaint, a legal matter, a death or the client's own word forbids service contacts now."""
    still = Q(until__isnull=True) | Q(until__gt=now)
    return ContactHold.objects.filter(still, client_id=client_id).exists()
