"""The client's door."""

import re

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clients.org import services as org
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/login/"


def _try(browser: Browser, username: str, password: str = PASSWORD, **extra: str):
    return browser.post(LOGIN, {"username": username, "password": password, **extra})


def _page(answer, name: str) -> str:
    """The page without the name that was typed and without its tokens."""
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", answer.content.decode().replace(name, ""))


@pytest.mark.parametrize("way", ["client_no", "account", "mobile"])
def test_a_client_logs_in_by_any_of_his_names(client, way):
    bob = factories.client(mobile="13800000001")
    names = {"client_no": bob.client_no, "account": factories.account(bob).account_no, "mobile": "13800000001"}

    answer = _try(client, names[way])

    assert (answer.status_code, answer.url) == (302, reverse("home:home"))
    assert client.session["_auth_user_id"] == str(bob.user_id)


def test_unknown_name_and_wrong_password_get_the_same_answer(client):
    bob = factories.client()

    wrong, unknown = _try(client, bob.client_no, "wrong-password"), _try(client, "C99999999", "wrong-password")

    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert _page(wrong, bob.client_no) == _page(unknown, "C99999999")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("other_has_login", [True, False])
def test_a_mobile_of_two_clients_gets_the_answer_of_a_wrong_password_and_everybody_reads_the_way_out(
    client, other_has_login
):
    bob = factories.client("Bob", mobile="13800000001")
    factories.client("Carol", mobile="13800000001", login=other_has_login)

    shared, wrong = _try(client, "13800000001"), _try(client, bob.client_no, "wrong-password")
    before = client.get(LOGIN)

    assert (shared.status_code, wrong.status_code) == (422, 422)
    assert _page(shared, "13800000001") == _page(wrong, bob.client_no)
    assert "_auth_user_id" not in client.session
    for page in (before, shared, wrong):
        assert "如手机号无法登录，请使用客户号或资金账号。" in page.content.decode()


def test_what_was_typed_stays_except_the_password(client):
    page = _try(client, "C0000123", "wrong-password").content.decode()

    assert 'value="C0000123"' in page
    assert "wrong-password" not in page


def test_staff_do_not_get_in_here_even_with_the_right_password(client):
    alice = factories.staff()

    answer = _try(client, alice.staff_no)

    assert answer.status_code == 422
    assert "_auth_user_id" not in client.session


def test_too_many_failures_close_the_door_for_the_right_password_too(client, settings):
    bob = factories.client()
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        last = _try(client, bob.client_no, "wrong-password")

    answer = _try(client, bob.client_no)

    assert (last.status_code, answer.status_code) == (429, 429)
    assert "_auth_user_id" not in client.session


def test_behind_a_trusted_server_a_lock_is_for_the_address_that_failed(client, settings):
    settings.TRUSTED_PROXIES = 1
    bob = factories.client()
    guesser, owner = ({"HTTP_X_FORWARDED_FOR": f"198.51.100.1, 203.0.113.{last}"} for last in (7, 8))
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        last = client.post(LOGIN, {"username": bob.client_no, "password": "wrong-password"}, **guesser)

    locked, let_in = (
        client.post(LOGIN, {"username": bob.client_no, "password": PASSWORD}, **of) for of in (guesser, owner)
    )

    assert (last.status_code, locked.status_code, let_in.status_code) == (429, 429, 302)


def test_staff_passwords_tried_at_this_door_count_as_failures(client, settings):
    alice = factories.staff()
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        last = _try(client, alice.staff_no)

    assert last.status_code == 429


@pytest.mark.parametrize(
    ("target", "lands"), [("/holdings/", "/holdings/"), ("https://evil.example/", "/"), ("//evil.example", "/")]
)
def test_after_the_login_only_our_own_pages_follow(client, target, lands):
    bob = factories.client()

    answer = client.post(f"{LOGIN}?next={target}", {"username": bob.client_no, "password": PASSWORD})

    assert answer.url == lands


def test_a_new_device_looks_as_the_client_chose(client):
    bob = factories.client()
    org.choose_display(user=bob.user, choices={"theme": "dark", "elder": "on", "language": "en"})

    answer = _try(client, bob.client_no)

    assert {name: answer.cookies[name].value for name in ("theme", "elder", "django_language")} == {
        "theme": "dark",
        "elder": "on",
        "django_language": "en",
    }


def test_logging_out_ends_the_session(client):
    bob = factories.client()
    _try(client, bob.client_no)

    answer = client.post("/logout/")

    assert answer.url == LOGIN
    assert client.get("/holdings/").url == f"{LOGIN}?next=%2Fholdings%2F"


def test_logging_out_needs_a_post(client):
    assert client.get("/logout/").status_code == 405
