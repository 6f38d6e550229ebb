"""Who comes in at the client's door, and who is shut out, is written down once and nothing more."""

import pytest
from django.test import Client as Browser

from clients.behaviour.models import BusinessFact
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/login/"


def _try(browser: Browser, username: str, password: str = PASSWORD):
    return browser.post(LOGIN, {"username": username, "password": password}, headers={"user-agent": "Test/1.0"})


def _facts() -> list[tuple[str, int | None]]:
    return list(BusinessFact.objects.order_by("pk").values_list("kind", "client_id"))


def test_a_sign_in_is_written_down_with_where_it_came_from(client):
    bob = factories.client()

    answer = _try(client, bob.client_no)

    fact = BusinessFact.objects.get()
    assert (fact.kind, fact.client_id) == ("signed_in", bob.pk)
    assert fact.properties == {
        "channel": "web", "device": {"id": answer.cookies["device"].value}, "userAgent": "Test/1.0",
    }  # fmt: skip
    assert client.session.session_key not in fact.idem_key


def test_a_browser_is_known_again_and_another_one_is_not(client):
    bob = factories.client()
    _try(client, bob.client_no)
    client.post("/logout/")
    _try(client, bob.client_no)
    _try(Browser(), bob.client_no)

    devices = [fact.properties["device"]["id"] for fact in BusinessFact.objects.order_by("pk")]

    assert len(devices) == 3
    assert devices[0] == devices[1] != devices[2]


@pytest.mark.parametrize("cookie", ["", "x", "../../etc", "a" * 33, "<b>" + "a" * 29])
def test_a_number_that_is_none_of_ours_is_replaced(client, cookie):
    bob = factories.client()
    client.cookies["device"] = cookie

    answer = _try(client, bob.client_no)

    assert len(answer.cookies["device"].value) == 32
    assert BusinessFact.objects.get().properties["device"]["id"] == answer.cookies["device"].value != cookie


def test_who_does_not_get_in_leaves_no_fact(client):
    bob = factories.client()
    alice = factories.staff()

    _try(client, bob.client_no, "wrong-password")
    _try(client, "C99999999", "wrong-password")
    _try(client, alice.staff_no)

    assert _facts() == []


def test_a_lock_is_written_down_once_while_it_lasts(client, settings):
    settings.AXES_FAILURE_LIMIT = 3
    bob = factories.client()

    for _ in range(6):
        _try(client, bob.client_no, "wrong-password")

    assert _facts() == [("sign_in_locked", bob.pk)]


def test_nobody_is_named_when_a_name_that_nobody_has_is_locked(client, settings):
    settings.AXES_FAILURE_LIMIT = 3

    for _ in range(6):
        _try(client, "C99999999", "wrong-password")

    assert _facts() == []
