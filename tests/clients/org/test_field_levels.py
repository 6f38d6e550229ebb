"""How openly a role sees a personal field: DOMAIN 8, cell by cell."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser

from clients.org import access
from clients.org.models import Role, StaffRole
from tests import factories
from tests.factories import NOW

COLUMNS = ["client", "manager", "adviser", "call_centre", "supervisor", "compliance", "analyst", "administrator"]
# F full, M masked, R masked and full on request, B band ("level only" of risk answers), - absent.
DOMAIN_8 = {
    "name": "F F F F F F - -",
    "mobile": "M R R R R R - -",
    "id_no": "M - - - - R - -",
    "bank_card": "M - - - - R - -",
    "address": "F M M M M R B -",
    "email": "F M M M M R B -",
    "assets": "F F F B F F B -",
    "risk_answers": "F B B B B F B -",
    "aml_level": "- - - - - F - -",
    "traits": "F F F - F F B -",
    "a field nobody listed": "- - - - - - - -",
}


@pytest.mark.django_db
def test_every_cell_of_the_table() -> None:
    alice = factories.staff("Alice", roles=())
    bob = factories.client("Bob")
    found = {}

    for field in DOMAIN_8:
        levels = [access.field_level(bob.user, field, now=NOW)]
        for role in COLUMNS[1:]:
            alice.roles.all().delete()
            StaffRole.objects.create(staff=alice, role=role, valid_from=date(2020, 1, 1))
            levels.append(access.field_level(alice.user, field, now=NOW))
        found[field] = " ".join(levels)

    assert found == DOMAIN_8


@pytest.mark.django_db
def test_operations_see_a_name_masked_and_nothing_else_of_a_person() -> None:
    ops = factories.staff("Alice", roles=(Role.SERVICE_OPS,))

    levels = {field: access.field_level(ops.user, field, now=NOW) for field in DOMAIN_8}

    assert {field: level for field, level in levels.items() if level != "-"} == {"name": "M"}


@pytest.mark.django_db
def test_of_several_roles_the_most_open_one_counts() -> None:
    alice = factories.staff("Alice", roles=(Role.CALL_CENTRE, Role.MANAGER))

    assert access.field_level(alice.user, "assets", now=NOW) == "F"


@pytest.mark.django_db
def test_a_visitor_a_closed_login_and_who_has_left_see_no_field() -> None:
    alice, carol = factories.staff("Alice"), factories.staff("Carol", left_on=date(2026, 11, 20))
    alice.user.is_active = False
    bob = factories.client("Bob")
    bob.user.is_active = False

    for user in (AnonymousUser(), alice.user, carol.user, bob.user):
        assert access.field_level(user, "name", now=NOW) == "-"
