"""Who an event is about: what a token proves, what a server key names, and nothing that anybody else claims."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client as Browser

from clients.register.models import Client
from portal.collect import identity
from tests import factories
from tests.factories import PASSWORD
from tests.portal.collect.asking import SERVER, Door, event

AGE = 12 * 3600
BOB = {"client_id": 41, "user_id": 5, "client_no": "C0000123"}


def who(line: dict[str, Any]) -> tuple[Any, Any, int]:
    return line["c"], line["n"], line["f"]


def cookie(**changes: Any) -> dict[str, str]:
    token = identity.token(**{**BOB, "now": datetime.now(UTC), **changes})
    return {"HTTP_COOKIE": f"csrftoken=x; {identity.COOKIE}={token}; language=en"}


@pytest.mark.parametrize("named", [None, "", "C0000123", "c0000123"])
def test_a_token_makes_its_client_the_one_whom_events_are_about(door: Door, named: str | None) -> None:
    door.send("/v1/track", event(userId=named), **cookie())

    assert who(*door.kept()) == (41, None, 0)


def test_apps_send_the_token_in_a_header(door: Door) -> None:
    token = identity.token(**BOB, now=datetime.now(UTC))

    door.send("/v1/track", event(), **{identity.HEADER: token})

    assert who(*door.kept()) == (41, None, 0)


@pytest.mark.parametrize(("of", "client"), [(41, 41), (42, None), ("", None), (None, 41)])
def test_events_that_waited_in_a_browser_are_not_those_of_whoever_has_logged_in_since(
    door: Door, of: int | str | None, client: int | None
) -> None:
    tag = {"who": identity.tag_of(of) if isinstance(of, int) else of}

    door.send("/v1/b", {"batch": [event()], **({} if of is None else tag)}, **cookie())

    assert who(*door.kept()) == (client, None, 0)


@pytest.mark.parametrize("named", ["C0000999", 41, "41", pytest.param("x" * 9999, id="long")])
def test_a_public_key_that_names_another_client_makes_a_stranger_who_is_counted(door: Door, named: Any) -> None:
    door.send("/v1/batch", {"batch": [event(userId=named), event()]}, **cookie())

    assert [who(line) for line in door.kept()] == [(None, None, 1), (41, None, 0)]


def test_without_a_token_nobody_is_anybody(door: Door) -> None:
    door.send("/v1/batch", {"batch": [event(userId="C0000123"), event()]})

    assert [who(line) for line in door.kept()] == [(None, None, 1), (None, None, 0)]


def test_a_server_key_names_clients_and_proves_none(door: Door) -> None:
    told = [event(userId="C0000123"), event(userId=123), event(userId=""), event()]

    door.send("/v1/batch", {"batch": told}, key=SERVER, **cookie())

    assert [who(line) for line in door.kept()] == [(None, "C0000123", 0), (None, "123", 0), *[(None, None, 0)] * 2]


def forged() -> list[str]:
    good = identity.token(**BOB, now=datetime.now(UTC))
    payload, rest = good.split(":", 1)
    return [
        "",
        "x",
        good[:-1],
        f"{payload}x:{rest}",
        good * 9,
        signing.dumps([41, 5, "x", 9**12], salt="another"),
        signing.dumps([41, 5, "x", 9**12], salt=identity.SALT, key="another"),
        identity.token(**BOB, now=datetime.now(UTC) - timedelta(seconds=AGE)),
    ]


@pytest.mark.parametrize("number", range(8))
def test_a_forged_broken_or_old_token_proves_nothing(door: Door, number: int) -> None:
    answer = door.send("/v1/track", event(), **{identity.HEADER: forged()[number]})

    assert answer.status == 200
    assert who(*door.kept()) == (None, None, 0)


def test_a_token_ends_when_the_session_does_though_it_was_good_a_second_ago() -> None:
    made = datetime(2026, 11, 22, 2, tzinfo=UTC)
    token, start = identity.token(**BOB, now=made), made.timestamp()

    assert identity.proven(token, now=start + AGE - 1) == identity.proven(token, now=start)
    assert identity.proven(token, now=start + AGE) is None


@pytest.fixture
def bob() -> Client:
    return factories.client("Bob")


@pytest.mark.django_db
def test_the_cookie_comes_with_the_login_proves_the_client_and_goes_with_the_logout(bob: Client, door: Door) -> None:
    browser = Browser()

    browser.get("/login/")
    before = identity.COOKIE in browser.cookies
    browser.post("/login/", {"username": bob.client_no, "password": PASSWORD})
    given = browser.cookies[identity.COOKIE]
    door.send("/v1/page", event(userId=bob.client_no), HTTP_COOKIE=f"{identity.COOKIE}={given.value}")
    browser.post("/logout/")

    assert before is False
    assert (given["httponly"], given["samesite"], given["max-age"]) == (True, "Lax", AGE)
    assert who(*door.kept()) == (bob.pk, None, 0)
    assert (browser.cookies[identity.COOKIE].value, browser.cookies[identity.COOKIE]["max-age"]) == ("", 0)


@pytest.mark.django_db
def test_the_next_client_on_the_same_device_never_keeps_the_cookie_of_the_last(bob: Client, door: Door) -> None:
    carol, browser = factories.client("Carol"), Browser()

    browser.post("/login/", {"username": bob.client_no, "password": PASSWORD})
    kept = browser.cookies[identity.COOKIE].value
    browser.post("/logout/")
    browser.cookies[identity.COOKIE] = kept  # as if the answer to the logout had been lost
    browser.post("/login/", {"username": carol.client_no, "password": PASSWORD})
    door.send("/v1/page", event(), HTTP_COOKIE=f"{identity.COOKIE}={browser.cookies[identity.COOKIE].value}")

    assert who(*door.kept()) == (carol.pk, None, 0)


@pytest.mark.django_db
def test_a_page_of_a_client_who_holds_the_cookie_asks_the_database_nothing_for_it(
    bob: Client, django_assert_num_queries: Any
) -> None:
    browser = Browser()
    browser.post("/login/", {"username": bob.client_no, "password": PASSWORD})

    again = browser.get("/me/")
    browser.cookies[identity.COOKIE] = "forged"
    mended = browser.get("/me/")

    assert identity.COOKIE not in again.cookies
    assert mended.cookies[identity.COOKIE].value not in ("", "forged")


@pytest.mark.django_db
def test_staff_and_visitors_get_no_cookie() -> None:
    alice, browser = factories.staff("Alice"), Browser()

    browser.post("/desk/login/", {"username": alice.staff_no, "password": PASSWORD})
    inside = browser.get("/desk/")

    assert inside.status_code == 200
    assert identity.COOKIE not in browser.cookies
    assert identity.COOKIE not in Browser().get("/").cookies


@pytest.mark.parametrize(
    ("said", "kept"),
    [({"HTTP_COOKIE": "silent=1"}, 0), ({"HTTP_SEC_GPC": "1"}, 0), ({"HTTP_COOKIE": "silent="}, 1), ({}, 1)],
)
def test_of_a_visitor_who_wants_nothing_recorded_nothing_is_kept(door: Door, said: dict[str, str], kept: int) -> None:
    single, batch = door.send("/v1/t", event(), **said), door.send("/v1/b", {"batch": [event(), event()]}, **said)

    assert (single.status, batch.status) == (200, 200)
    assert len(door.kept()) == kept * 3


def test_a_client_who_agreed_is_recorded_whatever_his_browser_asks_of_all_sites(door: Door) -> None:
    door.send("/v1/t", event(), **cookie(), HTTP_SEC_GPC="1")

    assert who(*door.kept()) == (41, None, 0)


def test_a_server_key_speaks_for_no_browser(door: Door) -> None:
    door.send("/v1/t", event(userId="C0000123"), key=SERVER, HTTP_SEC_GPC="1")

    assert who(*door.kept()) == (None, "C0000123", 0)


@pytest.mark.parametrize("changes", [{}, {"type": "nonsense"}])
def test_the_key_in_a_body_is_not_kept(door: Door, changes: dict[str, str]) -> None:
    body = {**event(**changes), "writeKey": SERVER, "context": {"writeKey": 'x"y'}}

    door.ask("/v1/t", json.dumps(body).encode())
    door.ask("/v1/b", json.dumps({"writeKey": SERVER, "batch": [body]}).encode())

    kept = door.kept()
    assert len(kept) == 2
    assert SERVER not in json.dumps(kept)
