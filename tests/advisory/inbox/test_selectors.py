"""Which messages a person sees."""

from datetime import timedelta

import pytest

from advisory.inbox import selectors
from advisory.inbox.models import Message
from clients.org.models import Role
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_a_client_sees_his_valid_messages_and_what_he_has_read_newest_first() -> None:
    bob, charlie = factories.client("Bob"), factories.client("Charlie")
    old = factories.message(bob, created_at=NOW - 2 * HOUR)
    new = factories.message(bob, created_at=NOW - HOUR, valid_until=NOW + HOUR)
    read = factories.message(bob, created_at=NOW - 3 * HOUR, valid_until=NOW - HOUR, read_at=NOW - 2 * HOUR)
    factories.message(bob, created_at=NOW - 3 * HOUR, valid_until=NOW)
    factories.message(charlie)

    assert list(selectors.messages_of(bob.user, NOW)) == [new, old, read]


def test_a_message_is_found_by_its_client_and_his_manager_alone() -> None:
    alice = factories.staff("Alice")
    bob, charlie = factories.client("Bob", manager=alice), factories.client("Charlie")
    message = factories.message(bob)
    admin = factories.staff("Admin", roles=(Role.ADMINISTRATOR,))

    assert selectors.message_for(bob.user, message.uid, NOW) == message
    assert selectors.message_for(alice.user, message.uid, NOW) == message
    for stranger in (charlie.user, admin.user, factories.staff("Dave", at=alice.branch).user):
        with pytest.raises(Message.DoesNotExist):
            selectors.message_for(stranger, message.uid, NOW)
