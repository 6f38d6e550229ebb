"""How clients log in: client number, account number or mobile, and the password."""

import pytest

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
def test_a_mobile_shared_with_somebody_who_has_no_login_still_works() -> None:
    bob = factories.client("Bob", mobile=MOBILE)
    factories.client("Lead", mobile=MOBILE, login=False)

    assert backend.authenticate(None, MOBILE, PASSWORD) == bob.user


@pytest.mark.django_db
def test_an_account_number_that_two_clients_have_on_two_markets_logs_neither_in() -> None:
    bob, carol = factories.client("Bob"), factories.client("Carol")
    for market, holder in (("SH", bob), ("SZ", carol)):
        factories.account(holder, Account.Kind.SECURITIES, account_no="0000000001", market=market)

    assert backend.authenticate(None, "0000000001", PASSWORD) is None


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
