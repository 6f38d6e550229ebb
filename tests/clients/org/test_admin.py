"""Hiring, roles and logins in the admin; and that looking at a client is written down."""

from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser

from clients.org.models import AccessLog, Licence, Role, Staff, StaffRole, User
from clients.org.standing import Standing
from tests import factories
from tests.clients.shared.test_admin import BACKEND, browser, text
from tests.factories import NOW, PASSWORD

pytestmark = pytest.mark.django_db


def hiring(**changes: Any) -> dict[str, Any]:
    return {
        "staff_no": "E0777", "name": "Dora", "branch": factories.branch("A").pk, "roles": ["adviser", "manager"],
        "on": "2026-11-22", "adviser_licence": "S0010101", "password": PASSWORD, **changes,
    }  # fmt: skip


def test_hiring_is_one_form_and_one_service() -> None:
    answer = browser(Role.ADMINISTRATOR).post("/admin/org/staff/add/", hiring())

    dora = Staff.objects.get(staff_no="E0777")
    assert answer.status_code == 302
    assert Standing(dora).roles(NOW) == {"adviser", "manager"}
    assert Licence.objects.get().number == "S0010101"
    assert dora.user.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"staff_no": "C0000123"}, "staff_no"), ({"password": "12345"}, "password"), ({"roles": []}, "roles")],
)
def test_a_wrong_hiring_changes_nothing(changes: dict[str, Any], said: str) -> None:
    factories.client("Bob", client_no="C0000123")
    before = User.objects.count()
    somebody = browser(Role.ADMINISTRATOR)

    answer = somebody.post("/admin/org/staff/add/", hiring(**changes))

    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == [said]
    assert User.objects.count() == before + 1  # the administrator himself
    assert not Staff.objects.filter(name="Dora").exists()


def roles_form(person: Staff, role: str) -> dict[str, Any]:
    """The page of a person, sent back with one role more."""
    one = {"staff": person.pk, "role": role, "valid_from": "2026-11-22"}
    rows = {f"roles-0-{name}": value for name, value in one.items()}
    counts = {f"{name}-TOTAL_FORMS": n for name, n in (("roles", 1), ("licences", 0))}
    counts |= {f"{name}-INITIAL_FORMS": 0 for name in ("roles", "licences")}
    own = {"name": person.name, "branch": person.branch_id, "status": "available", "seat_cap": 2}
    return {**own, **counts, **rows}


def test_a_role_is_given_to_others_and_never_to_oneself() -> None:
    alice = factories.staff("Alice", roles=(Role.ADMINISTRATOR,))
    dora = factories.staff("Dora", roles=())
    somebody = Browser()
    somebody.force_login(alice.user, backend=BACKEND)

    for person in (dora, alice):
        somebody.post(f"/admin/org/staff/{person.pk}/change/", roles_form(person, Role.COMPLIANCE))

    assert set(StaffRole.objects.filter(staff=dora).values_list("role", flat=True)) == {Role.COMPLIANCE}
    assert set(StaffRole.objects.filter(staff=alice).values_list("role", flat=True)) == {Role.ADMINISTRATOR}


def test_a_login_is_closed_and_its_password_set_anew() -> None:
    dora = factories.staff("Dora")
    somebody = browser(Role.ADMINISTRATOR)
    new = {"password1": "another-long-one", "password2": "another-long-one", "usable_password": "true"}

    somebody.post(f"/admin/org/user/{dora.user.pk}/password/", new)
    somebody.post(f"/admin/org/user/{dora.user.pk}/change/", {})

    after = User.objects.get(pk=dora.user.pk)
    assert after.check_password("another-long-one")
    assert after.is_active is False


def test_the_login_of_a_client_is_not_there_for_the_administrator() -> None:
    bob = factories.client("Bob")

    answer = browser(Role.ADMINISTRATOR).post(f"/admin/org/user/{bob.user.pk}/change/", {})

    assert answer.status_code in (302, 404)
    assert User.objects.get(pk=bob.user.pk).is_active is True


def test_each_opening_of_a_clients_row_is_written_down() -> None:
    carol = factories.staff("Carol", roles=(Role.COMPLIANCE,))
    bob = factories.client("Bob")
    message = factories.message(bob)
    somebody = Browser()
    somebody.force_login(carol.user, backend=BACKEND)

    somebody.get(f"/admin/register/client/{bob.pk}/change/")
    somebody.get(f"/admin/inbox/message/{message.pk}/change/")
    somebody.get("/admin/inbox/message/4711/change/")

    assert list(AccessLog.objects.order_by("pk").values_list("staff", "client_id", "action", "field")) == [
        (carol.pk, bob.pk, "admin", "register.Client"),
        (carol.pk, bob.pk, "admin", "inbox.Message"),
    ]


def test_rows_of_clients_are_searched_for_and_not_leafed_through() -> None:
    bob = factories.client("Bob", client_no="C0000123")
    factories.position(bob)
    somebody = browser(Role.COMPLIANCE)

    leafing = text(somebody.get("/admin/ledger/position/"))
    found = text(somebody.get("/admin/ledger/position/?q=C0000123"))

    assert "C0000123" not in leafing
    assert "C0000123" in found


@pytest.mark.parametrize("search", ["C0000123", "13800001234", "340104199003071234"])
def test_a_client_is_found_by_number_mobile_or_id_and_shown_masked(search: str) -> None:
    bob = factories.client(
        "张三丰", client_no="C0000123", mobile="13800001234", id_no="340104199003071234",
        email="zhang@x.com", address="上海市浦东新区世纪大道1号", aml_level="high", birth_date=date(1990, 3, 7),
    )  # fmt: skip
    factories.client("Charlie", client_no="C0000999")
    somebody = browser(Role.COMPLIANCE)

    listed = text(somebody.get("/admin/register/client/", {"q": search}))
    page = text(somebody.get(f"/admin/register/client/{bob.pk}/change/"))

    assert "C0000123" in listed
    assert "C0000999" not in listed
    for shown in ("张三丰", "138****1234", "340***********1234", "z***@x.com", "上海市浦东新区****"):
        assert shown in page
    for hidden in ("13800001234", "340104199003071234", "zhang@x.com", "世纪大道"):
        assert hidden not in page
