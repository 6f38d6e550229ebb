"""What Python and SQL say of one action, purpose and pool is the same."""

import pytest
from django.db import connection

from clients.org import pools
from kpm.strategies.contact import CONTACT_KIND, MAY_BE_STOPPED, NEVER_STOPPED, TASKS, Action, kind_sql, one_of
from kpm.strategies.models import Purpose

pytestmark = pytest.mark.django_db


def asked(expression: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {expression}")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("action", Action.values)
def test_each_action_contacts_in_one_way(action: str) -> None:
    assert asked(kind_sql(f"'{action}'")) == CONTACT_KIND[Action(action)]
    assert asked(one_of(f"'{action}'", TASKS)) == (action in TASKS)


def test_a_purpose_is_stopped_or_never_stopped() -> None:
    assert sorted([*MAY_BE_STOPPED, *NEVER_STOPPED]) == sorted(Purpose)


@pytest.mark.parametrize(
    ("handler", "pool"),
    [
        ("call_centre", "call_centre"),
        ("adviser", "adviser:HF01"),
        ("client_manager", "client_manager:HF01"),
        ("system", "client_manager:HF01"),
    ],
)
def test_a_pool_has_one_name(handler: str, pool: str) -> None:
    assert (pools.of_team(handler, "HF01"), asked(pools.team_sql(f"'{handler}'", "'HF01'"))) == (pool, pool)


def test_a_person_s_capacity_has_one_name() -> None:
    assert (pools.of_person(7), asked(pools.person_sql("7"))) == ("staff:7", "staff:7")
