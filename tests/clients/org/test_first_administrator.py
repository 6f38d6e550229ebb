"""`manage.py first_administrator`: once, and never again while somebody administers the house."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from clients.org.models import Branch, Role, Staff, StaffRole, User

pytestmark = pytest.mark.django_db
PASSWORD = "Kestrel-over-41-fields"


def appoint(monkeypatch: pytest.MonkeyPatch, *arguments: str, password: str = PASSWORD) -> str:
    out = StringIO()
    monkeypatch.setattr("sys.stdin", StringIO(f"{password}\n"))
    call_command("first_administrator", *arguments, stdout=out)
    return out.getvalue()


def test_an_empty_house_gets_its_head_office_and_an_administrator(monkeypatch: pytest.MonkeyPatch) -> None:
    said = appoint(monkeypatch, "E0001", "王芳")

    staff = Staff.objects.get()
    assert (staff.staff_no, staff.name, staff.branch.code, staff.branch.name) == ("E0001", "王芳", "HQ", "总部")
    assert list(StaffRole.objects.values_list("role", flat=True)) == [Role.ADMINISTRATOR]
    assert staff.user.check_password(PASSWORD)
    assert said == "王芳 logs in at /admin/ as E0001.\n"


def test_a_second_one_is_hired_by_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    appoint(monkeypatch, "E0001", "王芳")

    with pytest.raises(CommandError, match="There is an administrator already"):
        appoint(monkeypatch, "E0002", "李雷", "--branch", "B01")

    assert (Staff.objects.count(), Branch.objects.count()) == (1, 1)


def test_when_the_only_one_has_left_another_may_be_appointed(monkeypatch: pytest.MonkeyPatch) -> None:
    appoint(monkeypatch, "E0001", "王芳")
    Staff.objects.update(left_on=date(2026, 11, 20))

    appoint(monkeypatch, "E0002", "李雷")

    assert list(Staff.objects.order_by("staff_no").values_list("staff_no", flat=True)) == ["E0001", "E0002"]


@pytest.mark.parametrize("password", ["", "12345678", "short"])
def test_a_weak_password_is_refused_and_nothing_is_made(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    with pytest.raises(CommandError, match=r"[Pp]assword|too short|too common"):
        appoint(monkeypatch, "E0001", "王芳", password=password)

    assert (Staff.objects.count(), Branch.objects.count()) == (0, 0)


@pytest.mark.parametrize("number", ["", "  ", "a b", "x" * 21, "E\x00"])
def test_a_number_that_nobody_can_log_in_with_is_refused(monkeypatch: pytest.MonkeyPatch, number: str) -> None:
    with pytest.raises(CommandError, match="1 to 20 letters or digits"):
        appoint(monkeypatch, number, "王芳")

    assert (Staff.objects.count(), Branch.objects.count()) == (0, 0)


def test_a_number_that_a_client_logs_in_with_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    User.objects.create_user("80001234", PASSWORD, kind=User.Kind.CLIENT)

    with pytest.raises(CommandError, match="logs in as 80001234 already"):
        appoint(monkeypatch, "80001234", "王芳")

    assert not Staff.objects.exists()
