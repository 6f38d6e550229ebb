"""Delivering messages and noting that they were read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from advisory.inbox.models import Delivery, Message
from clients.behaviour import services as behaviour
from clients.behaviour.models import BusinessFact
from clients.register.models import Client, Touch
from clients.shared import live
from kpm.strategies.models import Hit


def deliver(
    *, client: Client, title: str, body: str, purpose: str, now: datetime, hit: Hit | None = None, **fields: Any
) -> Message:
    """This will put a message into the client's inbox, with its touch and fact; one message a hit."""
    message = Message(client=client, hit=hit, title=title, body=body, purpose=purpose, **fields)
    return deliver_all(messages=[message], now=now)[0]


@transaction.atomic
def deliver_all(*, messages: Sequence[Message], now: datetime) -> list[Message]:
    """This will put messages into their clients' inboxes, as `deliver` does one; those of one hit are one message."""
    hits = [message.hit_id for message in messages if message.hit_id is not None]
    known = {message.hit_id: message for message in Message.objects.filter(hit__in=hits)}
    new = [message for message in messages if message.hit_id not in known]
    for message in new:
        message.branch_id, message.created_at = message.client.branch_id, now
    Message.objects.bulk_create(new)
    Delivery.objects.bulk_create(
        [Delivery(message=message, channel="inbox", sent_at=now, delivered_at=now) for message in new]
    )
    Touch.objects.bulk_create([_touch(message, now) for message in new])
    behaviour.record_all(facts=[_fact("message_delivered", message, now) for message in new])
    live.bump(*(f"client:{message.client_id}:home" for message in new))
    return [known.get(message.hit_id, message) for message in messages]


@transaction.atomic
def mark_read(*, message: Message, now: datetime) -> bool:
    """This will note the first reading of a message; False when it was read before."""
    if not Message.objects.filter(pk=message.pk, read_at__isnull=True).update(read_at=now):
        return False
    Delivery.objects.filter(message=message, channel="inbox", read_at__isnull=True).update(read_at=now)
    behaviour.record_all(facts=[_fact("message_read", message, now)])
    live.bump(f"client:{message.client_id}:home")
    return True


def _touch(message: Message, now: datetime) -> Touch:
    return Touch(
        client_id=message.client_id, branch_id=message.branch_id, channel=Touch.Channel.INBOX, purpose=message.purpose,
        started_at=now, provider_ref=f"message:{message.uid}",
    )  # fmt: skip


def _fact(kind: str, message: Message, now: datetime) -> BusinessFact:
    return BusinessFact(
        kind=kind, idem_key=f"{kind}:{message.pk}", at=now, client_id=message.client_id,
        object_id=str(message.uid), properties={"strategy": message.strategy_code},
    )  # fmt: skip
