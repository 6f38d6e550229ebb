"""Questions about messages, always within what the person asking may see."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet

from advisory.inbox.models import Message
from clients.org import access
from clients.org.models import User
from clients.register.models import Client


def messages_of(user: User | AnonymousUser, now: datetime) -> QuerySet[Message]:
    """Return the messages that this person may see and that are still valid, newest first."""
    still = Q(valid_until__isnull=True) | Q(valid_until__gt=now) | Q(read_at__isnull=False)
    return Message.objects.filter(access.scope(user, Message, now=now)).filter(still).order_by("-created_at", "-pk")


def message_for(user: User, uid: Any, now: datetime) -> Message:
    """Return one message that this person may see; Message.DoesNotExist otherwise, whatever the reason."""
    return Message.objects.filter(access.scope(user, Message, now=now)).get(uid=uid)


def unread(*, since: datetime, until: datetime) -> QuerySet[Message]:
    """Return the messages of a stretch of time that nobody has opened and that are still valid at its end."""
    valid = Q(valid_until__isnull=True) | Q(valid_until__gt=until)
    rows = Message.objects.filter(valid, read_at__isnull=True, created_at__gte=since, created_at__lt=until)
    return rows.select_related("client").order_by("pk")


def read_between(*, since: datetime, until: datetime) -> list[tuple[str, str]]:
    """Return (client number, strategy code) of every message that was first opened in a stretch of time."""
    rows = Message.objects.filter(read_at__gte=since, read_at__lt=until).order_by("pk")
    return list(rows.values_list("client__client_no", "strategy_code"))


def most_written_to() -> Client | None:
    """Return the active client with most messages; None while there is no message."""
    active = Message.objects.filter(client__status=Client.Status.ACTIVE).values("client")
    found = active.annotate(n=Count("pk")).order_by("-n", "client").first()
    return Client.objects.select_related("user").get(pk=found["client"]) if found else None


def message_of(hit_id: int) -> Message | None:
    """Return the message that a hit became; None when it became none."""
    return Message.objects.filter(hit=hit_id).first()
