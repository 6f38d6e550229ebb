"""Branches as a tree, staff, and the log of who looked at whom."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError

from clients.org import selectors, services
from clients.org.models import AccessLog, Cover, Licence, Role, StaffRole
from clients.org.standing import Standing
from tests import factories
from tests.factories import NOW


@pytest.mark.django_db
def test_a_path_names_every_branch_above_and_follows_when_one_moves() -> None:
    north, south = factories.branch("NORTH"), factories.branch("SOUTH")
    middle = factories.branch("MIDDLE", parent=north)
    leaf = factories.branch("LEAF", parent=middle)
    before = leaf.path

    middle.parent = south
    middle.save()

    leaf.refresh_from_db()
    assert before == f"/{north.pk}/{middle.pk}/{leaf.pk}/"
    assert leaf.path == f"/{south.pk}/{middle.pk}/{leaf.pk}/"


@pytest.mark.django_db
def test_who_looked_is_told_newest_first_and_of_this_client_alone() -> None:
    alice = factories.staff("Alice")
    for hours, client_id in ((2, 7), (1, 7), (0, 8)):
        services.log_access(staff=alice, client_id=client_id, action="view360", now=NOW - timedelta(hours=hours))

    found = selectors.accesses_of(7)

    assert [(line.staff.name, line.at) for line in found] == [
        ("Alice", NOW - timedelta(hours=1)),
        ("Alice", NOW - timedelta(hours=2)),
    ]


@pytest.mark.django_db
def test_hiring_makes_a_login_roles_and_a_licence_from_that_day() -> None:
    alice = services.hire(
        staff_no="E0107", name="Alice", branch=factories.branch("A"), roles=[Role.ADVISER, Role.MANAGER],
        password="a long enough one", on=date(2026, 11, 22), adviser_licence="S0010101",
    )  # fmt: skip

    assert (alice.user.login, alice.user.kind) == ("E0107", "staff")
    assert alice.user.check_password("a long enough one")
    assert Standing(alice).roles(NOW) == {"adviser", "manager"}
    assert list(selectors.licensed_advisers(NOW)) == [alice]
    assert Licence.objects.get(staff=alice).number == "S0010101"


@pytest.mark.django_db
@pytest.mark.parametrize("missing", ["role", "licence", "still here"])
def test_advice_needs_role_and_licence_of_today(missing: str) -> None:
    alice = factories.staff("Alice", roles=(Role.ADVISER,), licence="S0010101")
    if missing == "role":
        StaffRole.objects.filter(staff=alice).update(valid_to=date(2026, 11, 21))
    elif missing == "licence":
        Licence.objects.filter(staff=alice).update(valid_to=date(2026, 11, 21))
    else:
        alice.left_on = date(2026, 11, 21)
        alice.save()

    assert list(selectors.licensed_advisers(NOW)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["update", "delete"])
def test_the_access_log_never_changes(how: str) -> None:
    alice = factories.staff("Alice")
    line = services.log_access(staff=alice, client_id=7, action="reveal", field="mobile", reason="calls back", now=NOW)

    with pytest.raises(DatabaseError, match="append_only"):
        line.delete() if how == "delete" else AccessLog.objects.filter(pk=line.pk).update(reason="other")


@pytest.mark.django_db
def test_nobody_covers_himself() -> None:
    alice = factories.staff("Alice")

    with pytest.raises(IntegrityError, match="cover_by_another"):
        Cover.objects.create(absent=alice, cover=alice, starts_at=NOW, ends_at=NOW.replace(hour=5))
