"""A dated rule in four eyes: proposed by one, confirmed by another, and never changed again."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, transaction

from clients.org.models import Role, User
from clients.register import rulings
from clients.register.models import SuitabilityRule
from clients.register.selectors import rules_in_force
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
TOMORROW = TODAY + timedelta(days=1)


def person(name: str, *roles: str) -> User:
    return factories.staff(name, roles=roles or (Role.COMPLIANCE,)).user


def proposed(by: User, **fields: Any) -> SuitabilityRule:
    """C3 no longer matches R3, from tomorrow on."""
    cell = {"client_class": "C3", "product_level": 3, "outcome": "block", "effective_from": TOMORROW, **fields}
    return rulings.propose_rule(rule=SuitabilityRule(**cell), by=by, now=NOW)


def outcome(day: date) -> str:
    """What the matrix says of C3 and R3 on a day."""
    return rules_in_force(SuitabilityRule, day).filter(client_class="C3", product_level=3)[0].outcome


def test_a_proposal_counts_for_nobody_and_a_confirmed_rule_from_its_first_day() -> None:
    rule = proposed(person("Alice", Role.ADMINISTRATOR))
    before = outcome(TOMORROW)

    row = rulings.confirm_rule(rule=rule, by=person("Carol"), now=NOW)

    assert before == "match"
    assert (outcome(TODAY), outcome(TOMORROW)) == ("match", "block")
    assert (row.proposed_by.staff.name, row.confirmed_by.staff.name, row.confirmed_at) == ("Alice", "Carol", NOW)


def test_a_rule_with_a_last_day_gives_way_to_the_one_before() -> None:
    last = TOMORROW + timedelta(days=6)
    rule = proposed(person("Alice", Role.ADMINISTRATOR), effective_to=last)

    rulings.confirm_rule(rule=rule, by=person("Carol"), now=NOW)

    assert [outcome(day) for day in (TOMORROW, last, last + timedelta(days=1))] == ["block", "block", "match"]


def test_the_rows_of_the_house_are_in_force_and_bear_no_name() -> None:
    rows = SuitabilityRule.objects.all()

    assert rows.filter(confirmed_at__isnull=False, proposed_by=None, confirmed_by=None).count() == rows.count() == 40


@pytest.mark.parametrize("roles", [(Role.ADMINISTRATOR,), (Role.SERVICE_OPS,), (Role.SUPERVISOR,), (Role.MANAGER,)])
def test_nobody_but_compliance_confirms(roles: tuple[str, ...]) -> None:
    rule = proposed(person("Alice", Role.ADMINISTRATOR))

    with pytest.raises(rulings.RuleRefused):
        rulings.confirm_rule(rule=rule, by=person("Dora", *roles), now=NOW)

    assert SuitabilityRule.objects.get(pk=rule.pk).confirmed_at is None


def test_nobody_confirms_his_own_proposal() -> None:
    both = person("Carol", Role.ADMINISTRATOR, Role.COMPLIANCE)
    rule = proposed(both)

    with pytest.raises(rulings.RuleRefused):
        rulings.confirm_rule(rule=rule, by=both, now=NOW)

    assert SuitabilityRule.objects.get(pk=rule.pk).confirmed_at is None


@pytest.mark.parametrize("first", [TODAY, TODAY - timedelta(days=1), date(2020, 1, 1)])
def test_a_rule_does_not_reach_back(first: date) -> None:
    alice = person("Alice", Role.ADMINISTRATOR)

    with pytest.raises(rulings.RuleRefused):
        proposed(alice, effective_from=first)

    assert SuitabilityRule.objects.count() == 40


def test_a_proposal_whose_first_day_has_come_is_too_late_to_confirm() -> None:
    rule = proposed(person("Alice", Role.ADMINISTRATOR))

    with pytest.raises(rulings.RuleRefused):
        rulings.confirm_rule(rule=rule, by=person("Carol"), now=NOW + timedelta(days=1))

    assert SuitabilityRule.objects.get(pk=rule.pk).confirmed_at is None


def test_a_confirmed_rule_never_changes_not_even_by_sql() -> None:
    alice, carol = person("Alice", Role.ADMINISTRATOR), person("Carol")
    rule = rulings.confirm_rule(rule=proposed(alice), by=carol, now=NOW)
    row = SuitabilityRule.objects.filter(pk=rule.pk)

    with pytest.raises(InternalError), transaction.atomic():
        row.update(outcome="match")
    with pytest.raises(InternalError), transaction.atomic():
        row.delete()
    with pytest.raises(rulings.RuleRefused):
        rulings.confirm_rule(rule=rule, by=person("Erin"), now=NOW)
    with pytest.raises(rulings.RuleRefused):
        rulings.withdraw_rule(rule=rule, by=alice, now=NOW)

    assert row.get().outcome == "block"


@pytest.mark.parametrize("same", [True, False])
def test_the_database_asks_for_two_names(same: bool) -> None:
    alice = person("Alice", Role.ADMINISTRATOR)
    rule = proposed(alice)
    names = {"confirmed_by": alice if same else None, "confirmed_at": NOW}

    with pytest.raises(IntegrityError), transaction.atomic():
        SuitabilityRule.objects.filter(pk=rule.pk).update(**names)

    assert SuitabilityRule.objects.get(pk=rule.pk).confirmed_at is None


def test_a_withdrawn_proposal_is_gone_and_its_history_remains() -> None:
    alice = person("Alice", Role.ADMINISTRATOR)
    rule = proposed(alice)
    with pytest.raises(rulings.RuleRefused):
        rulings.withdraw_rule(rule=rule, by=person("Dora", Role.ADMINISTRATOR), now=NOW)

    rulings.withdraw_rule(rule=rule, by=alice, now=NOW)

    kept = SuitabilityRule.pgh_event_model.objects.filter(pgh_obj_id=rule.pk).order_by("pgh_id")
    assert not SuitabilityRule.objects.filter(pk=rule.pk).exists()
    assert list(kept.values_list("pgh_label", "outcome")) == [("insert", "block"), ("delete", "block")]
    with pytest.raises(InternalError), transaction.atomic():
        kept.delete()


def test_compliance_refuses_a_proposal() -> None:
    rule = proposed(person("Alice", Role.ADMINISTRATOR))

    rulings.withdraw_rule(rule=rule, by=person("Carol"), now=NOW)

    assert SuitabilityRule.objects.count() == 40
