"""How clients log in: client number, account number or mobile, and the password."""

from typing import Any

import pytest
from django.contrib.auth.hashers import get_hasher

from clients.org.models import User
from clients.register.backends import ClientBackend
from clients.register.models import Account
from tests import factories
from tests.factories import PASSWORD

MOBILE = "13800001234"
backend = ClientBackend()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["C0000123", "100000000123", "A000000123", MOBILE, " 138 0000 1234 "])
def test_a_client_logs_in_by_each_of_his_names(name: str) -> None:
    bob = factories.client("Bob", client_no="C0000123", mobile=MOBILE)
    factories.account(bob, account_no="100000000123")
    factories.account(bob, Account.Kind.SECURITIES, account_no="A000000123", market="SH")

    assert backend.authenticate(None, name, PASSWORD) == bob.user
    assert backend.authenticate(None, name, PASSWORD + "x") is None


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", " ", "nobody", "13900005678"])
def test_an_unknown_or_empty_name_logs_nobody_in(name: str) -> None:
    factories.client("Bob")  # without a mobile: an empty name must not find an empty index

    assert backend.authenticate(None, name, PASSWORD) is None


@pytest.mark.django_db
def test_a_mobile_shared_by_two_logs_neither_in() -> None:
    bob, carol = factories.client("Bob", mobile=MOBILE), factories.client("Carol", mobile=MOBILE)

    assert backend.authenticate(None, MOBILE, PASSWORD) is None
    assert backend.authenticate(None, bob.client_no, PASSWORD) == bob.user
    assert backend.authenticate(None, carol.client_no, PASSWORD) == carol.user


@pytest.mark.django_db
@pytest.mark.parametrize("other", [{"login": False}, {"status": "closed"}])
def test_a_mobile_of_two_clients_identifies_neither_whoever_the_other_is(other: dict[str, Any]) -> None:
    bob = factories.client("Bob", mobile=MOBILE)
    factories.client("Charlie", mobile=MOBILE, **other)

    assert backend.authenticate(None, MOBILE, PASSWORD) is None
    assert backend.authenticate(None, bob.client_no, PASSWORD) == bob.user


@pytest.mark.django_db
@pytest.mark.parametrize("login", [True, False])
def test_the_mobile_of_a_lead_finds_nobody_and_stands_in_nobodys_way(login: bool) -> None:
    lead = factories.client("Dan", mobile=MOBILE, status="lead", login=login)
    alone = backend.find(MOBILE)
    bob = factories.client("Bob", mobile=MOBILE)

    assert alone is None
    assert backend.find(MOBILE) == bob.user
    assert backend.find(lead.client_no) == lead.user


@pytest.mark.django_db
def test_a_number_of_the_own_series_may_be_typed_in_small_letters_and_no_other() -> None:
    lead = factories.client("Dan", client_no="WT10000001", status="lead")
    factories.client("Bob", client_no="C0000123")

    assert backend.find("wt10000001") == lead.user
    assert backend.find("c0000123") is None


@pytest.mark.django_db
@pytest.mark.parametrize("login", [True, False])
def test_an_account_number_that_two_clients_have_on_two_markets_logs_neither_in(login: bool) -> None:
    bob, carol = factories.client("Bob"), factories.client("Carol", login=login)
    for market, holder in (("SH", bob), ("SZ", carol)):
        factories.account(holder, Account.Kind.SECURITIES, account_no="0000000001", market=market)

    assert backend.authenticate(None, "0000000001", PASSWORD) is None


@pytest.mark.django_db
def test_two_accounts_of_one_client_with_one_number_are_one_client() -> None:
    bob = factories.client("Bob")
    for market in ("SH", "SZ"):
        factories.account(bob, Account.Kind.SECURITIES, account_no="0000000001", market=market)

    assert backend.authenticate(None, "0000000001", PASSWORD) == bob.user


@pytest.mark.django_db
def test_nobody_is_shut_out_by_a_mobile_that_looks_like_his_client_number() -> None:
    bob = factories.client("Bob", client_no=MOBILE)
    charlie = factories.client("Charlie", mobile=MOBILE)

    assert backend.authenticate(None, MOBILE, PASSWORD) == bob.user
    assert backend.authenticate(None, charlie.client_no, PASSWORD) == charlie.user


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["C0000123", MOBILE, "13900005678"])
def test_a_right_name_a_shared_mobile_and_an_unknown_one_cost_the_same(
    name: str, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.client("Bob", client_no="C0000123", mobile=MOBILE)
    factories.client("Carol", mobile=MOBILE, login=False)
    hashed: list[str] = []
    hasher = get_hasher()
    monkeypatch.setattr(hasher, "encode", lambda password, salt: hashed.append(password) or "")
    monkeypatch.setattr(hasher, "verify", lambda password, encoded: hashed.append(password))
    monkeypatch.setattr(hasher, "must_update", lambda encoded: False)

    with django_assert_num_queries(3):
        found = backend.authenticate(None, name, "wrong")

    assert (found, hashed) == (None, ["wrong"])


@pytest.mark.django_db
def test_a_closed_login_is_out_at_once() -> None:
    bob = factories.client("Bob", client_no="C0000123")
    User.objects.filter(pk=bob.user.pk).update(is_active=False)

    assert backend.authenticate(None, "C0000123", PASSWORD) is None
    assert backend.get_user(bob.user.pk) is None


@pytest.mark.django_db
def test_staff_are_not_clients() -> None:
    alice = factories.staff("Alice", staff_no="E0107")

    assert backend.authenticate(None, "E0107", PASSWORD) is None
    assert backend.get_user(alice.user.pk) is None


@pytest.mark.django_db
def test_a_client_without_a_login_cannot_log_in() -> None:
    factories.client("Lead", client_no="C0000999", login=False)

    assert backend.authenticate(None, "C0000999", PASSWORD) is None
