"""The gate of suitability reads the matrix as compliance has confirmed it."""

from datetime import date
from typing import Any

import pytest
from django.db import connection

from clients.org.models import Role
from clients.register.models import Client, RiskAssessment, SuitabilityRule
from kpm.strategies.gates import GATES
from tests import factories
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db
UNSUITABLE = next(gate.stops for gate in GATES if gate.reason == "unsuitable")


def stopped(client: Client, day: date = DAY, product_level: int = 3) -> bool:
    """Whether the gate stops a product of this level for the client."""
    row = "SELECT %(client)s::bigint AS client_id, TRUE AS suitability_gate, 'l' AS product_level_from"
    level = f"jsonb_build_object('l', {product_level})"
    with connection.cursor() as cursor:
        sql = f"WITH m AS ({row}, {level} AS evidence) SELECT {UNSUITABLE} FROM m"
        cursor.execute(sql, {"client": client.pk, "day": day, "now": NOW})
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
