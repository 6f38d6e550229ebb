"""What the database keeps for strategies whatever writes to it, and what every installation begins with."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from kpm.strategies.models import Assignment, ContactRule, HitFeedback, Strategy, StrategyVersion
from kpm.strategies.services.holding import bucket_of
from tests import factories
from tests.clients.org.rows import about
from tests.factories import NOW

pytestmark = pytest.mark.django_db
# ARCHITECTURE 6: purpose, kind, window, unit, at most.
RULES = {
    ("marketing", "push", 1, "day", 1),
    ("marketing", "push", 7, "day", 2),
    ("service", "push", 1, "day", 2),
    ("service", "call", 3, "day", 1),
    ("marketing", "call", 3, "day", 1),
    ("service", "human", 5, "td", 2),
    ("marketing", "human", 5, "td", 1),
    ("marketing", "human", 20, "td", 3),
}


def version(submitted: bool, **fields: object) -> StrategyVersion:
    strategy = Strategy.objects.create(code="KPM-001", name_zh="一", name_en="One")
    known = {"purpose": "service", "action": "push", "handler": "system", "condition": "cash_ratio > 0.5", **fields}
    return StrategyVersion.objects.create(strategy=strategy, number=1, submitted_at=NOW if submitted else None, **known)


@pytest.mark.parametrize("how", ["condition", "submitted_at", "priority", "delete"])
def test_a_submitted_version_never_changes(how: str) -> None:
    row = version(submitted=True)
    before = StrategyVersion.objects.values().get()
    rows = StrategyVersion.objects.filter(pk=row.pk)
    ways: dict[str, Callable[[], object]] = {
        "condition": lambda: rows.update(condition="TRUE"),
        "submitted_at": lambda: rows.update(submitted_at=None),
        "priority": lambda: rows.update(priority=1),
        "delete": lambda: rows.delete(),
    }

    with pytest.raises(DatabaseError, match="submitted_is_immutable"), transaction.atomic():
        ways[how]()

    assert StrategyVersion.objects.values().get() == before


def test_a_draft_may_change_until_it_is_submitted() -> None:
    row = version(submitted=False)

    row.condition = "cash_ratio > 0.6"
    row.save()
    row.submitted_at = NOW
    row.save()

    assert StrategyVersion.objects.get().condition == "cash_ratio > 0.6"


def test_a_strategy_keeps_its_salt() -> None:
    strategy = version(submitted=False).strategy
    salt = strategy.salt

    with pytest.raises(DatabaseError, match="salt_is_set_once"), transaction.atomic():
        Strategy.objects.update(salt="00" * 16)
    Strategy.objects.update(name_zh="另一名")

    assert Strategy.objects.get().salt == salt
    assert len(salt) == 32
    assert Strategy.objects.create(code="KPM-002", name_zh="二", name_en="Two").salt != salt


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"purpose": "risk", "holdout_pct": 10}, "nobody_held_out_of_risk_and_regulatory"),
        ({"purpose": "regulatory", "holdout_pct": 1}, "nobody_held_out_of_risk_and_regulatory"),
        ({"holdout_pct": 51}, "holdout_share"),
        ({"holdout_pct": -1}, "holdout_share"),
    ],
)
def test_who_may_be_held_out_is_limited_by_the_database(fields: dict[str, object], name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        version(submitted=False, **fields)


@pytest.mark.parametrize("model", [Assignment, HitFeedback])
def test_draws_and_feedback_are_never_changed(model: type[Assignment] | type[HitFeedback]) -> None:
    row = about(factories.client("Bob"), model)

    for change in (row.delete, row.save):
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("salt", "client_id", "bucket"),
    [
        ("00" * 16, 1, 6048),
        ("00" * 16, 2, 7330),
        ("00" * 16, 100_000, 981),
        ("ff" * 16, 1, 4838),
        ("wangting", 42, 8553),
    ],
)
def test_the_draw_is_the_same_on_every_machine_and_in_every_year(salt: str, client_id: int, bucket: int) -> None:
    assert bucket_of(salt, client_id) == bucket


def test_the_draw_is_even_and_depends_on_the_salt() -> None:
    """Of 20,000 clients a tenth is 2,000; six standard deviations are 255."""
    held_out = [{n for n in range(20_000) if bucket_of(salt, n) < 1000} for salt in ("a", "b")]

    assert all(1745 <= len(drawn) <= 2255 for drawn in held_out)
    assert len(held_out[0] & held_out[1]) < 300


def test_every_installation_begins_with_the_contact_rules_of_the_house() -> None:
    rows = ContactRule.objects.filter(effective_to__isnull=True)

    assert {(row.purpose, row.kind, row.window, row.unit, row.most) for row in rows} == RULES
    assert rows.count() == len(RULES)
    assert {row.effective_from for row in rows} == {date(2020, 1, 1)}
    assert not rows.filter(purpose__in=["risk", "regulatory"]).exists()
