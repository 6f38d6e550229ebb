"""Messages to clients: delivered once, read once, from the newest text."""

from datetime import timedelta
from typing import Any

import pytest

from advisory.inbox import services as inbox
from advisory.inbox.models import Delivery, Message
from clients.behaviour.models import BusinessFact
from clients.register.models import Touch
from clients.shared.models import Channel
from kpm.strategies.models import Hit
from tests import factories
from tests.clients.org.rows import about
from tests.factories import NOW

pytestmark = pytest.mark.django_db
TEXT = {"title": "持仓股大幅波动", "body": "请留意。", "purpose": "risk", "strategy_code": "MAT-TRD-016"}


def rows() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (Message, Delivery, Touch, BusinessFact)}


def test_a_message_is_delivered_with_its_touch_and_its_fact() -> None:
    bob = factories.client("Bob")

    message = inbox.deliver(client=bob, now=NOW, why="占比 82%", evidence={"a": 1}, data_day=factories.DAY, **TEXT)

    assert (message.client, message.branch_id, message.title, message.why, message.created_at) == (
        bob, bob.branch_id, "持仓股大幅波动", "占比 82%", NOW,
    )  # fmt: skip
    delivery = Delivery.objects.get()
    assert (delivery.message, delivery.channel, delivery.delivered_at, delivery.read_at) == (
        message,
        "inbox",
        NOW,
        None,
    )
    touch = Touch.objects.get()
    assert (touch.client, touch.channel, touch.purpose, touch.outbound, touch.staff) == (
        bob,
        "inbox",
        "risk",
        True,
        None,
    )
    fact = BusinessFact.objects.get()
    assert (fact.kind, fact.client, fact.object_id, fact.properties) == (
        "message_delivered", bob, str(message.uid), {"strategy": "MAT-TRD-016"},
    )  # fmt: skip


def test_one_hit_is_one_message() -> None:
    bob = factories.client("Bob")
    hit: Any = about(bob, Hit)
    first = inbox.deliver(client=bob, hit=hit, now=NOW, **TEXT)
    before = rows()

    again = inbox.deliver(client=bob, hit=hit, now=NOW, **{**TEXT, "title": "another"})

    assert again == first
    assert again.title == "持仓股大幅波动"
    assert rows() == before


def test_a_message_is_read_once_and_that_is_a_fact() -> None:
    message = inbox.deliver(client=factories.client("Bob"), now=NOW, **TEXT)

    answers = [inbox.mark_read(message=message, now=NOW + timedelta(hours=n)) for n in (1, 2)]

    message.refresh_from_db()
    assert answers == [True, False]
    assert (message.read_at, Delivery.objects.get().read_at) == (NOW + timedelta(hours=1),) * 2
    assert list(BusinessFact.objects.order_by("pk").values_list("kind", flat=True)) == [
        "message_delivered", "message_read",
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_the_clients_home_is_told() -> None:
    bob = factories.client("Bob")

    message = inbox.deliver(client=bob, now=NOW, **TEXT)
    inbox.mark_read(message=message, now=NOW)

    assert dict(Channel.objects.values_list("name", "version")) == {f"client:{bob.pk}:home": 2}
