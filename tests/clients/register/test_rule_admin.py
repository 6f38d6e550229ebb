"""Dated rules in the admin: an administrator proposes, compliance confirms or refuses, nobody edits."""

from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser

from clients.org.models import Role
from clients.register.models import PermissionRule, SuitabilityRule
from tests import factories
from tests.clients.shared.test_admin import BACKEND, text
from tests.factories import NOW

pytestmark = pytest.mark.django_db
RULES = "/admin/register/suitabilityrule/"
CELL = {"client_class": "C3", "product_level": 3, "outcome": "block", "effective_from": "2026-11-23"}


@pytest.fixture(autouse=True)
def _now(time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)


def logged_in(name: str, *roles: str) -> Browser:
    found = Browser(headers={"accept-language": "en"})
    found.force_login(factories.staff(name, roles=roles).user, backend=BACKEND)
    return found


@pytest.fixture
def alice() -> Browser:
    return logged_in("Alice", Role.ADMINISTRATOR)


@pytest.fixture
def carol() -> Browser:
    return logged_in("Carol", Role.COMPLIANCE)


def waiting(by: Browser) -> SuitabilityRule:
    by.post(f"{RULES}add/", CELL)
    return SuitabilityRule.objects.get(proposed_by__isnull=False)


def press(browser: Browser, rule: SuitabilityRule, verb: str) -> Any:
    return browser.post(f"{RULES}{rule.pk}/press/{verb}/", follow=True)


def test_an_administrator_proposes_and_compliance_confirms(alice: Browser, carol: Browser) -> None:
    rule = waiting(alice)
    mine, theirs = (text(browser.get(f"{RULES}{rule.pk}/change/")) for browser in (alice, carol))
    own = press(alice, rule, "confirm")

    said = text(press(carol, rule, "confirm"))

    rule.refresh_from_db()
    assert own.status_code == 404
    assert ("/press/confirm/" in mine, "/press/confirm/" in theirs) == (False, True)
    assert ("/press/withdraw/" in mine, "/press/withdraw/" in theirs) == (True, True)
    assert "Confirmed; the rule counts from 2026-11-23 on." in said
    assert (rule.confirmed_by.staff.name, rule.confirmed_at) == ("Carol", NOW)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"effective_from": "2026-11-22"}, "effective_from"),
        ({"effective_from": ""}, "effective_from"),
        ({"effective_to": "2026-11-22"}, "effective_to"),
        ({"client_class": "C6"}, "client_class"),
        ({"product_level": "6"}, "__all__"),
    ],
)
def test_a_wrong_proposal_is_refused_at_its_field(alice: Browser, changes: dict[str, str], field: str) -> None:
    answer = alice.post(f"{RULES}add/", {**CELL, **changes})

    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == [field]
    assert SuitabilityRule.objects.count() == 40


def test_compliance_proposes_nothing_and_nobody_edits(alice: Browser, carol: Browser) -> None:
    rule = SuitabilityRule.objects.filter(client_class="C3", product_level=3).get()

    answers = [
        carol.post(f"{RULES}add/", CELL).status_code,
        *(browser.post(f"{RULES}{rule.pk}/change/", CELL).status_code for browser in (alice, carol)),
        *(press(browser, rule, verb).status_code for browser in (alice, carol) for verb in ("confirm", "withdraw")),
    ]

    assert answers == [403, 403, 403, 404, 404, 404, 404]
    assert SuitabilityRule.objects.count() == 40
    assert SuitabilityRule.objects.get(pk=rule.pk).outcome == "match"


def test_a_refused_proposal_leaves_the_list(alice: Browser, carol: Browser) -> None:
    rule = waiting(alice)
    before = text(carol.get(f"{RULES}?confirmed_at__isempty=1"))

    page = text(press(carol, rule, "withdraw"))

    assert "Waits for compliance" in before
    assert "The proposal is withdrawn." in page
    assert SuitabilityRule.objects.count() == 40


def test_the_next_rule_begins_with_what_the_present_one_says(alice: Browser) -> None:
    PermissionRule.objects.create(
        code="GEM", min_assets=0, min_months=24, agreements=["risk", "terms"], paper=True,
        effective_from=date(2026, 12, 1), proposed_by=factories.staff("Dora").user,
    )  # fmt: skip
    rule = PermissionRule.objects.get(proposed_by__isnull=False)

    form = alice.post(f"/admin/register/permissionrule/{rule.pk}/press/propose_next/", follow=True).context["adminform"]

    found = form.form.get_initial_for_field
    fields = form.form.fields
    assert [found(fields[name], name) for name in ("code", "min_assets", "min_months", "agreements", "paper")] == [
        "GEM", "0.00", "24", "risk,terms", "True",
    ]  # fmt: skip
    assert not found(fields["effective_from"], "effective_from")
