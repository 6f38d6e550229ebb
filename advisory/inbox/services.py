"""Delivering messages and noting that they were read."""

from datetime import datetime
from typing import Any

from django.db import transaction

from advisory.inbox.models import Delivery, Message
from clients.behaviour import services as behaviour
from clients.register.models import Client, Touch
from clients.shared import live
from kpm.strategies.models import Hit


@transaction.atomic
def deliver(
    *, client: Client, title: str, body: str, purpose: str, now: datetime, hit: Hit | None = None, **fields: Any
) -> Message:
    """This will put a message into the client's inbox, with its touch and fact; one message a hit."""
    if hit is not None and (known := Message.objects.filter(hit=hit).first()):
        return known
    message = Message.objects.create(
        client=client, branch_id=client.branch_id, hit=hit, title=title, body=body, purpose=purpose,
        created_at=now, **fields,
    )  # fmt: skip
    Delivery.objects.create(message=message, channel="inbox", sent_at=now, delivered_at=now)
    Touch.objects.create(
        client=client, branch_id=client.branch_id, channel=Touch.Channel.INBOX, purpose=purpose, started_at=now,
        provider_ref=f"message:{message.uid}",
    )  # fmt: skip
    _fact("message_delivered", message, now)
    live.bump(f"client:{client.pk}:home")
    return message


@transaction.atomic
def mark_read(*, message: Message, now: datetime) -> bool:
    """This will note the first reading of a message; False when it was read before."""
    if not Message.objects.filter(pk=message.pk, read_at__isnull=True).update(read_at=now):
        return False
    Delivery.objects.filter(message=message, channel="inbox", read_at__isnull=True).update(read_at=now)
    _fact("message_read", message, now)
    live.bump(f"client:{message.client_id}:home")
    return True


def _fact(kind: str, message: Message, now: datetime) -> None:
    behaviour.record(
        kind=kind, idem_key=f"{kind}:{message.pk}", at=now, client_id=message.client_id,
        object_id=str(message.uid), properties={"strategy": message.strategy_code},
    )  # fmt: skip
