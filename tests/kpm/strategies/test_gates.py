"""The gates of suitability read the rules as compliance has confirmed them."""

from datetime import date
from typing import Any

import pytest
from django.db import connection

from clients.org.models import Role
from clients.register.models import Client, PermissionRule, RiskAssessment, SuitabilityRule
from kpm.strategies.gates import GATES
from tests import factories
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db
PRODUCT, PERMISSION = (gate.stops for gate in GATES if gate.reason == "unsuitable")


def stopped(client: Client, day: date = DAY, product_level: int = 3, permission: str = "") -> bool:
    """Whether the gates stop a product of this level, or this permission, for the client."""
    row = """SELECT %(client)s::bigint AS client_id, TRUE AS suitability_gate, 'l' AS product_level_from,
        NULL::int AS product_level, %(permission)s AS permission_code, jsonb_build_object('l', %(level)s) AS evidence"""
    given = {"client": client.pk, "day": day, "now": NOW, "level": product_level, "permission": permission}
    with connection.cursor() as cursor:
        cursor.execute(f"WITH m AS ({row}) SELECT ({PRODUCT}) OR ({PERMISSION}) FROM m", given)
        return bool(cursor.fetchone()[0])


@pytest.fixture
def bob() -> Client:
    """C3, assessed this year."""
    client = factories.client("Bob")
    days = {"assessed_on": date(2026, 1, 5), "valid_to": date(2027, 1, 4)}
    RiskAssessment.objects.create(client=client, level=3, **days)
    return client


def rule(**fields: Any) -> SuitabilityRule:
    cell = {"client_class": "C3", "product_level": 3, "outcome": "block", "effective_from": date(2026, 11, 1)}
    alice = factories.staff("Alice", roles=(Role.ADMINISTRATOR,)).user
    return SuitabilityRule.objects.create(**cell, proposed_by=alice, **fields)


def test_the_matrix_of_the_house_stops_what_lies_above_the_client(bob: Client) -> None:
    assert [stopped(bob, product_level=level) for level in range(1, 6)] == [False, False, False, True, True]


def test_a_rule_that_nobody_confirmed_stops_nobody(bob: Client) -> None:
    rule()

    assert not stopped(bob)


def test_of_two_confirmed_rules_the_one_that_began_last_counts(bob: Client) -> None:
    carol = factories.staff("Carol", roles=(Role.COMPLIANCE,)).user
    rule(confirmed_by=carol, confirmed_at=NOW, effective_to=date(2026, 11, 30))

    assert [stopped(bob, date(2026, *day)) for day in ((10, 31), (11, 1), (11, 30), (12, 1))] == [
        False, True, True, False,
    ]  # fmt: skip


def test_without_a_valid_assessment_nothing_matches() -> None:
    assert stopped(factories.client("Charlie"), product_level=1)


def test_a_permission_asks_for_the_level_that_compliance_has_confirmed(bob: Client) -> None:
    alice = factories.staff("Alice", roles=(Role.ADMINISTRATOR,)).user
    carol = factories.staff("Carol", roles=(Role.COMPLIANCE,)).user
    names = {"proposed_by": alice, "confirmed_by": carol, "confirmed_at": NOW}
    lower = {"code": "GEM", "min_level": 3}
    PermissionRule.objects.create(**lower, effective_from=date(2026, 11, 1), proposed_by=alice)
    before = stopped(bob, permission="GEM")

    PermissionRule.objects.create(**lower, effective_from=date(2026, 11, 2), **names)

    assert (before, stopped(bob, permission="GEM"), stopped(bob, permission="STAR")) == (True, False, True)
