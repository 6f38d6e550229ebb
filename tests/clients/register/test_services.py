"""What a client decides himself: his consents."""

from datetime import timedelta

import pytest

from clients.register import services
from clients.register.models import Client, Consent
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def choose(client: Client, **choices: bool) -> list[Consent]:
    """His answers, a second after the last ones."""
    at = NOW + timedelta(seconds=Consent.objects.count())
    return services.choose_consents(client=client, choices=choices, version="web-1", channel="web", now=at)


def test_only_what_differs_from_the_last_word_is_kept() -> None:
    bob = factories.client("Bob")
    choose(bob, marketing=True)

    kept = choose(bob, marketing=True, service_push=False)

    assert [(row.purpose, row.given, row.version, row.channel) for row in kept] == [
        ("service_push", False, "web-1", "web")
    ]
    assert Consent.objects.filter(client=bob).count() == 2


def test_a_consent_is_withdrawn_by_a_new_line_and_given_again_by_another() -> None:
    bob = factories.client("Bob")

    for given in (True, False, True):
        choose(bob, marketing=given)

    rows = Consent.objects.filter(client=bob).order_by("pk")
    assert list(rows.values_list("given", flat=True)) == [True, False, True]


def test_the_answers_of_one_client_say_nothing_about_another() -> None:
    bob, carol = factories.client("Bob"), factories.client("Carol")
    choose(bob, marketing=True)

    kept = choose(carol, marketing=True)

    assert [row.client for row in kept] == [carol]
