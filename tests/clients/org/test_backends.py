"""How staff log in, and what a role may configure."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.test import Client as Browser

from clients.org.backends import StaffBackend
from clients.org.models import Role, Staff, User
from tests import factories
from tests.clients.org.rows import models_with_clients
from tests.factories import PASSWORD

VERBS = ("view", "add", "change", "delete")
backend = StaffBackend()


def permissions(user: User, models: list[Any]) -> set[str]:
    """Every permission that this user has on these models."""
    fresh = backend.get_user(user.pk)  # as in a request, where roles are read once
    assert fresh is not None
    names = [f"{model._meta.app_label}.{verb}_{model._meta.model_name}" for model in models for verb in VERBS]
    return {name for name in names if fresh.has_perm(name)}


@pytest.mark.django_db
def test_a_member_of_staff_logs_in_by_number_and_password() -> None:
    alice = factories.staff("Alice", staff_no="E0107")

    assert backend.authenticate(None, "E0107", PASSWORD) == alice.user
    assert backend.authenticate(None, "E0107", PASSWORD + "x") is None
    assert backend.authenticate(None, "E0108", PASSWORD) is None
    assert backend.authenticate(None, "E0107", "") is None


@pytest.mark.django_db
def test_a_client_does_not_log_in_as_staff() -> None:
    bob = factories.client("Bob", client_no="C0000123")

    assert backend.authenticate(None, "C0000123", PASSWORD) is None
    assert backend.get_user(bob.user.pk) is None


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["inactive", "left"])
def test_who_is_shut_out_cannot_log_in_and_is_out_of_his_session(how: str) -> None:
    alice = factories.staff("Alice")
    browser = Browser()
    browser.force_login(alice.user, backend="clients.org.backends.StaffBackend")
    before = backend.get_user(alice.user.pk)

    _shut_out(alice, how)

    assert before == alice.user
    assert backend.authenticate(None, alice.staff_no, PASSWORD) is None
    assert backend.get_user(alice.user.pk) is None
    assert browser.get("/admin/").status_code == 302


def _shut_out(person: Staff, how: str) -> None:
    if how == "left":
        Staff.objects.filter(pk=person.pk).update(left_on=date(2026, 11, 20))
    else:
        User.objects.filter(pk=person.user_id).update(is_active=False)


@pytest.mark.django_db
def test_nobody_has_any_permission_to_touch_client_data() -> None:
    """Client data is written by services; only compliance reads it in the admin."""
    found = {}

    for role in Role.values:
        person = factories.staff("Alice", roles=(role,))
        found[role] = {name.split(".")[1].split("_")[0] for name in permissions(person.user, models_with_clients())}

    assert found == {role: set() for role in Role.values} | {Role.COMPLIANCE: {"view"}}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (Role.ADMINISTRATOR, "strategies.change_strategyversion", "taskqueue.view_task"),
        (Role.ADMINISTRATOR, "django_celery_beat.add_periodictask", "inbox.view_message"),
        (Role.ADMINISTRATOR, "org.change_staff", "org.view_accesslog"),
        (Role.ADMINISTRATOR, "shared.view_job", "strategies.view_hit"),
        (Role.SERVICE_OPS, "taskqueue.change_playbookversion", "org.view_staff"),
        (Role.SERVICE_OPS, "inbox.add_messagetemplate", "django_celery_beat.view_periodictask"),
        (Role.COMPLIANCE, "register.view_suitabilityrule", "register.change_suitabilityrule"),
        (Role.COMPLIANCE, "org.view_accesslog", "org.change_staff"),
    ],
)
def test_what_a_role_configures_and_where_it_ends(role: str, may: str, may_not: str) -> None:
    person = factories.staff("Alice", roles=(role,))

    assert person.user.has_perm(may)
    assert not person.user.has_perm(may_not)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADVISER, Role.CALL_CENTRE, Role.SUPERVISOR, Role.ANALYST])
def test_who_serves_clients_configures_nothing(role: str) -> None:
    person = factories.staff("Alice", roles=(role,))

    assert permissions(person.user, list(apps.get_models())) == set()


@pytest.mark.django_db
def test_a_permission_ends_with_its_role() -> None:
    person = factories.staff("Alice", roles=(Role.ADMINISTRATOR,))
    person.roles.update(valid_to=date(2026, 1, 1))

    assert permissions(person.user, list(apps.get_models())) == set()
