"""A token for a program: by name and password, under the same lockout as the login pages."""

from typing import Any

import pytest
from django.test import Client as Browser
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from clients.org.models import User
from clients.register.models import Client
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/token"


def ask(login: str, password: str = PASSWORD) -> Any:
    return APIClient().post(ADDRESS, {"login": login, "password": password}, format="json")


@pytest.mark.parametrize("name", ["C0000123", "13800001234", "100000000123"])
def test_a_client_gets_his_token_by_any_of_his_names(bob: Client, name: str) -> None:
    factories.account(bob, account_no="100000000123")

    answer = ask(name)
    again = ask(name)

    program = APIClient()
    program.credentials(HTTP_AUTHORIZATION=f"Token {answer.json()['token']}")
    assert (answer.status_code, again.json()) == (200, answer.json())
    assert program.get("/api/v1/me").json()["client_no"] == "C0000123"
    assert User.objects.get(pk=bob.user.pk).last_login is not None


@pytest.mark.parametrize("who", ["a wrong password", "nobody", "staff", "a closed login"])
def test_everybody_else_gets_one_answer_and_no_token(bob: Client, who: str) -> None:
    alice = factories.staff("Alice", staff_no="E0999")
    if who == "a closed login":
        User.objects.filter(pk=bob.user.pk).update(is_active=False)
    given = {
        "a wrong password": (bob.client_no, "wrong"),
        "nobody": ("C0000999", PASSWORD),
        "staff": (alice.staff_no, PASSWORD),
        "a closed login": (bob.client_no, PASSWORD),
    }[who]

    answer = ask(*given)

    assert answer.status_code == 400
    assert answer.json() == ask("nobody at all", "wrong").json()
    assert not Token.objects.exists()


def test_what_is_missing_is_named(bob: Client) -> None:
    answer = APIClient().post(ADDRESS, {"login": "C0000123"}, format="json")

    assert answer.status_code == 400
    assert list(answer.json()) == ["password"]


def test_ten_failures_lock_the_name_out_here_and_at_the_login_page(bob: Client, settings: Any) -> None:
    for _turn in range(settings.AXES_FAILURE_LIMIT):
        ask(bob.client_no, "wrong")

    answer = ask(bob.client_no)
    page = Browser().post("/login/", {"username": bob.client_no, "password": PASSWORD})

    assert (answer.status_code, answer["Content-Type"]) == (429, "application/json")
    assert list(answer.json()) == ["detail"]
    assert (page.status_code, page["Content-Type"]) == (429, "text/html; charset=utf-8")
    assert not Token.objects.exists()


def test_a_token_taken_back_is_worth_nothing(program: APIClient) -> None:
    answer = program.delete(ADDRESS)

    assert answer.status_code == 204
    assert not Token.objects.exists()
    assert program.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize("header", ["Token", "Token 0123456789", "Bearer x"])
def test_a_wrong_token_is_refused(bob: Client, header: str) -> None:
    program = APIClient()
    program.credentials(HTTP_AUTHORIZATION=header)

    answer = program.get("/api/v1/me")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Token"
