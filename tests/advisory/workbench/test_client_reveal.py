"""A hidden particular of a client: who may have it shown, with which reason, how often, and what is written down."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client as Browser

from clients.org.models import AccessLog, Role, Staff
from clients.register import revealing
from clients.register.models import Client, RevealRule
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
MOBILE, ID_NO = "13800001234", "340102199001011234"


@pytest.fixture(autouse=True)
def present(settings: Any, tmp_path: Any, time_machine: Any) -> None:
    settings.LAKE_DIR = tmp_path / "lake"
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def alice() -> Staff:
    return make.staff("Alice")


@pytest.fixture
def bob(alice: Staff) -> Client:
    return make.client("王小明", manager=alice, mobile=MOBILE, id_no=ID_NO)


def browser_of(staff: Staff) -> Browser:
    browser = Browser(headers={"accept-language": "zh-hans"})
    browser.force_login(staff.user, backend="clients.org.backends.StaffBackend")
    return browser


def ask(staff: Staff, of: Client, field: str = "mobile", reason: str = "reach", htmx: bool = True) -> HttpResponse:
    """Have a particular shown."""
    headers = {"hx-request": "true"} if htmx else {}
    return browser_of(staff).post(f"/desk/clients/{of.pk}/reveal/{field}/", {"reason": reason}, headers=headers)


def may(role: str, a_day: int) -> None:
    """Set the limit of a role from today on."""
    RevealRule.objects.create(role=role, a_day=a_day, effective_from=NOW.date(), confirmed_at=NOW)


def test_it_is_shown_once_and_written_down(alice: Staff, bob: Client) -> None:
    answer = ask(alice, bob)

    line = AccessLog.objects.get()
    assert (answer.status_code, MOBILE in answer.content.decode()) == (200, True)
    assert (line.staff, line.client_id, line.action, line.field, line.reason) == (
        alice, bob.pk, "reveal", "mobile", "reach",
    )  # fmt: skip


def test_the_next_opening_shows_it_hidden_again(alice: Staff, bob: Client) -> None:
    ask(alice, bob)

    text = browser_of(alice).get(f"/desk/clients/{bob.pk}/").content.decode()

    assert ("138****1234" in text, MOBILE in text) == (True, False)


def test_without_htmx_the_whole_page_shows_it(alice: Staff, bob: Client) -> None:
    text = ask(alice, bob, htmx=False).content.decode()

    assert (MOBILE in text, "<html" in text) == (True, True)
    assert list(AccessLog.objects.order_by("pk").values_list("action", flat=True)) == ["reveal", "client"]


def test_the_client_reads_who_had_it_shown_and_why(alice: Staff, bob: Client) -> None:
    ask(alice, bob)
    his = Browser(headers={"accept-language": "zh-hans"})
    his.force_login(bob.user, backend="clients.register.backends.ClientBackend")

    text = his.get("/me/looked/").content.decode()

    assert ("手机号" in text, "为联系客户" in text, alice.staff_no in text) == (True, True, True)


@pytest.mark.parametrize(
    ("field", "reason", "status"),
    [
        ("id_no", "reach", 404),
        ("address", "reach", 422),
        ("mobile", "", 422),
        ("mobile", "odd", 422),
        ("name", "", 404),
    ],
)
def test_what_is_not_allowed_is_refused_and_nothing_is_written(
    alice: Staff, bob: Client, field: str, reason: str, status: int
) -> None:
    answer = ask(alice, bob, field, reason)

    text = answer.content.decode()
    assert (answer.status_code, MOBILE in text, ID_NO in text) == (status, False, False)
    assert AccessLog.objects.count() == 0


def test_a_client_of_others_is_no_client(bob: Client) -> None:
    answer = ask(make.staff("Charlie"), bob)

    assert (answer.status_code, AccessLog.objects.count()) == (404, 0)


def test_compliance_has_the_id_number_shown(bob: Client) -> None:
    answer = ask(make.staff("Fay", roles=(Role.COMPLIANCE,)), bob, "id_no", "duty")

    assert ID_NO in answer.content.decode()


def test_the_limit_of_the_day_holds_until_midnight(alice: Staff, bob: Client, time_machine: Any) -> None:
    may(Role.MANAGER, 2)
    first = [ask(alice, bob).status_code for _ in range(3)]
    time_machine.move_to(NOW + timedelta(days=1), tick=False)

    assert (first, ask(alice, bob).status_code) == ([200, 200, 422], 200)
    assert AccessLog.objects.count() == 3


def test_a_limit_of_none_holds_for_the_service_itself(alice: Staff, bob: Client) -> None:
    may(Role.MANAGER, 0)

    with pytest.raises(revealing.RevealRefused):
        revealing.reveal(client=bob, field="mobile", reason="reach", by=alice.user, now=NOW)

    assert AccessLog.objects.count() == 0


def test_of_several_roles_the_highest_limit_counts(alice: Staff, bob: Client) -> None:
    may(Role.MANAGER, 0)
    alice.roles.create(role=Role.ADVISER, valid_from=date(2020, 1, 1))

    assert ask(alice, bob).status_code == 200
