"""Questions about clients: what they said last, who is opened to whom."""

from datetime import timedelta

import pytest

from clients.register import selectors
from clients.register.models import ClientGrant, Consent
from tests import factories
from tests.factories import NOW

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


def test_the_newest_word_of_every_purpose_that_was_asked_for() -> None:
    bob = factories.client("Bob")
    for purpose, age, given in (
        ("marketing", 3, True),
        ("marketing", 1, False),
        ("marketing", 2, True),
        ("privacy", 9, True),
    ):
        Consent.objects.create(
            client=bob, purpose=purpose, version="1", at=NOW - age * HOUR, given=given, channel="app"
        )

    found = selectors.consents_now(bob.pk)

    assert {purpose: row.given for purpose, row in found.items()} == {"marketing": False, "privacy": True}
    assert selectors.consents_now(factories.client("Carol").pk) == {}


def test_a_grant_opens_one_client_to_one_person_until_it_ends() -> None:
    alice, dave, bob = factories.staff("Alice"), factories.staff("Dave"), factories.client("Bob")
    ClientGrant.objects.create(client=bob, staff=alice, reason="task", granted_at=NOW - HOUR, expires_at=NOW + HOUR)

    assert list(selectors.granted_client_ids(alice, NOW)) == [bob.pk]
    assert list(selectors.granted_client_ids(alice, NOW + HOUR)) == []
    assert list(selectors.granted_client_ids(dave, NOW)) == []


def test_the_client_behind_a_login() -> None:
    alice = factories.staff("Alice")
    bob = factories.client("Bob", manager=alice)

    assert selectors.client_of(bob.user.pk) == bob
    assert selectors.client_of(alice.user.pk) is None
