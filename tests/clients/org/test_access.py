"""Who may see which row: role by role, relation by relation, for every model with client data."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.test.utils import isolate_apps

from advisory.taskqueue.models import Task
from clients.market.models import Security
from clients.org import access
from clients.org.models import AccessLog, Branch, Cover, Role, Staff, StaffRole, User
from clients.register.models import Client, ClientGrant, SuitabilityRule
from clients.shared.models import Job
from kpm.strategies.models import Funnel, Strategy
from tests import factories
from tests.clients.org.rows import about, models_with_clients
from tests.factories import NOW

HOUR = timedelta(hours=1)
EVERY = {
    "own", "covered", "same branch", "branch below", "other branch", "granted", "grant over",
    "sensitive", "sensitive below", "sensitive granted", "own account",
}  # fmt: skip
SENSITIVE = {"sensitive", "sensitive below", "sensitive granted"}
GRANTED = {"granted", "sensitive granted"}
# DESK 10. "own" and "sensitive" have the person himself as manager.
SEEN: dict[str, set[str]] = {
    Role.MANAGER: {"own", "covered"} | GRANTED,
    Role.ADVISER: {"own", "covered"} | GRANTED,
    Role.CALL_CENTRE: GRANTED,
    Role.SUPERVISOR: {"own", "same branch", "branch below", "sensitive"} | GRANTED,
    Role.SERVICE_OPS: GRANTED,
    Role.ANALYST: set(),
    Role.COMPLIANCE: EVERY - {"own account"},
    Role.ADMINISTRATOR: set(),
    "a role nobody knows": set(),
}
WORK_SEEN_BY_OPERATIONS = EVERY - {"own account", "sensitive", "sensitive below"}


@pytest.fixture
def alice() -> Staff:
    """Alice of branch A, which lies below a region and has a branch below it; she holds an account with us."""
    region = factories.branch("REGION")
    return factories.staff("Alice", at=factories.branch("A", parent=region), own_client_no="C-ALICE")


@pytest.fixture
def world(alice: Staff) -> dict[str, Client]:
    """One client for every relation that Alice can have to a client."""
    below, other = factories.branch("A1", parent=alice.branch), factories.branch("B", parent=alice.branch.parent)
    bob = factories.staff("Bob", at=other)
    carol = factories.staff("Carol", at=alice.branch)
    Cover.objects.create(absent=bob, cover=alice, starts_at=NOW - HOUR, ends_at=NOW + HOUR)
    Cover.objects.create(absent=carol, cover=alice, starts_at=NOW - 2 * HOUR, ends_at=NOW)
    clients = {
        "own": factories.client(manager=alice),
        "covered": factories.client(manager=bob),
        "same branch": factories.client(manager=carol),
        "branch below": factories.client(at=below),
        "other branch": factories.client(at=other),
        "granted": factories.client(at=other),
        "grant over": factories.client(at=other),
        "sensitive": factories.client(manager=alice, sensitive=True),
        "sensitive below": factories.client(at=below, sensitive=True),
        "sensitive granted": factories.client(at=other, sensitive=True),
        "own account": factories.client(manager=alice, client_no="C-ALICE"),
    }
    for relation, until in (("granted", NOW + HOUR), ("sensitive granted", NOW + HOUR), ("grant over", NOW)):
        ClientGrant.objects.create(
            client=clients[relation], staff=alice, reason="test", granted_at=NOW - HOUR, expires_at=until
        )
    return clients


def become(person: Staff, *roles: str) -> None:
    person.roles.all().delete()
    for role in roles:
        StaffRole.objects.create(staff=person, role=role, valid_from=date(2020, 1, 1))


def seen(user: Any, model: type[Model], rows: dict[str, Model], action: str = "view") -> set[str]:
    """The relations whose row this user gets."""
    found = model.objects.filter(access.scope(user, model, action, now=NOW)).values_list("pk", flat=True)  # type: ignore[attr-defined]
    return {relation for relation, row in rows.items() if row.pk in set(found)}


@pytest.mark.django_db
def test_every_role_sees_of_every_model_what_the_matrix_says(alice: Staff, world: dict[str, Client]) -> None:
    wrong = {}

    for model in models_with_clients():
        rows = {relation: about(client, model) for relation, client in world.items()}
        for role, expected in SEEN.items():
            become(alice, role)
            if role == Role.SERVICE_OPS and model.row_access.work:  # type: ignore[attr-defined]
                expected = WORK_SEEN_BY_OPERATIONS
            if difference := seen(alice.user, model, rows) ^ expected:
                wrong[f"{role} {model._meta.label}"] = sorted(difference)

    assert wrong == {}


def test_the_sweep_knows_the_models_it_is_for() -> None:
    labels = {model._meta.label for model in models_with_clients()}

    assert {"register.Client", "ledger.Trade", "taskqueue.Task", "inbox.Message", "strategies.Hit"} <= labels
    assert len(labels) >= 20


@pytest.mark.django_db
@pytest.mark.parametrize("action", ["work", "change"])
def test_reading_everything_is_not_changing_anything(alice: Staff, world: dict[str, Client], action: str) -> None:
    become(alice, Role.COMPLIANCE)

    assert seen(alice.user, Client, world, action) == set()
    assert not SuitabilityRule.objects.filter(access.scope(alice.user, SuitabilityRule, action, now=NOW)).exists()
    assert SuitabilityRule.objects.filter(access.scope(alice.user, SuitabilityRule, now=NOW)).exists()


@pytest.mark.django_db
def test_two_roles_see_what_either_sees_and_an_own_account_stays_hidden(alice: Staff, world: dict[str, Client]) -> None:
    become(alice, Role.MANAGER, Role.SUPERVISOR, Role.ADMINISTRATOR)

    assert seen(alice.user, Client, world) == SEEN[Role.MANAGER] | SEEN[Role.SUPERVISOR]


@pytest.mark.django_db
def test_a_role_counts_from_its_first_to_its_last_day(alice: Staff, world: dict[str, Client]) -> None:
    become(alice)
    role = StaffRole.objects.create(staff=alice, role=Role.MANAGER, valid_from=date(2026, 11, 22))

    today = seen(alice.user, Client, world)
    role.valid_from, role.valid_to = date(2026, 11, 1), date(2026, 11, 21)
    role.save()
    a_day_late = seen(alice.user, Client, world)
    role.valid_from, role.valid_to = date(2026, 11, 23), None
    role.save()
    a_day_early = seen(alice.user, Client, world)

    assert (today, a_day_late, a_day_early) == (SEEN[Role.MANAGER], set(), set())


@pytest.mark.django_db
def test_who_has_left_or_lost_his_login_sees_nothing(alice: Staff, world: dict[str, Client]) -> None:
    alice.user.is_active = False
    without_login = seen(alice.user, Client, world)
    alice.user.is_active = True
    alice.left_on = date(2026, 11, 20)
    alice.save()

    assert without_login == set()
    assert seen(alice.user, Client, world) == set()


@pytest.mark.django_db
def test_a_client_sees_his_own_rows_and_changes_none(world: dict[str, Client]) -> None:
    bob = world["own"]
    wrong = {}

    for model in models_with_clients():
        rows = {relation: about(client, model) for relation, client in world.items() if relation in ("own", "covered")}
        for action, expected in (("view", {"own"}), ("work", set()), ("change", set())):
            if seen(bob.user, model, rows, action) != expected:
                wrong[model._meta.label] = action

    assert wrong == {}


@pytest.mark.django_db
def test_a_visitor_and_a_login_without_a_person_see_nothing(world: dict[str, Client]) -> None:
    nobody = User.objects.create_user("900000", "secret", kind=User.Kind.STAFF)

    assert seen(AnonymousUser(), Client, world) == set()
    assert seen(nobody, Client, world) == set()


@pytest.mark.django_db
@isolate_apps("clients.market")
def test_a_model_that_declares_nothing_shows_nothing(alice: Staff) -> None:
    become(alice, *Role.values)
    factories.security()

    class Undeclared(Security):
        row_access = None

        class Meta:
            proxy = True
            app_label = "market"

    assert not Undeclared.objects.filter(access.scope(alice.user, Undeclared, now=NOW)).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (role, role in (Role.ADMINISTRATOR, Role.SERVICE_OPS, Role.COMPLIANCE, *access.OF_STRATEGIES))
        for role in Role.values
    ],
)
def test_configuration_is_for_those_who_configure_or_audit(alice: Staff, role: str, allowed: bool) -> None:
    become(alice, role)
    Strategy.objects.create(code="KPM-001", name_zh="一", name_en="One")
    Job.objects.create(name="x", created_at=NOW)

    for model in (Strategy, Job, Branch):
        assert model.objects.filter(access.scope(alice.user, model, now=NOW)).exists() is allowed


@pytest.mark.django_db
def test_the_logins_of_clients_are_nobodys_configuration(alice: Staff, world: dict[str, Client]) -> None:
    become(alice, Role.ADMINISTRATOR)

    kinds = set(User.objects.filter(access.scope(alice.user, User, now=NOW)).values_list("kind", flat=True))

    assert kinds == {User.Kind.STAFF}


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "seen_by"), [(role, role == Role.COMPLIANCE) for role in Role.values])
def test_the_access_log_is_read_by_compliance_alone(alice: Staff, role: str, seen_by: bool) -> None:
    become(alice, role)
    AccessLog.objects.create(staff=alice, client_id=1, action="view360", at=NOW)

    assert AccessLog.objects.filter(access.scope(alice.user, AccessLog, now=NOW)).exists() is seen_by


@pytest.mark.django_db
def test_a_funnel_is_seen_by_branch(alice: Staff, world: dict[str, Client]) -> None:
    rows = {relation: about(world[relation], Client) for relation in ("own", "branch below", "other branch")}
    lines = {relation: _funnel(client.branch) for relation, client in rows.items()}  # type: ignore[attr-defined]
    found = {}

    for role in Role.values:
        become(alice, role)
        found[role] = seen(alice.user, Funnel, lines)

    nobody = {role: set() for role in Role.values}
    assert found == nobody | {Role.SUPERVISOR: {"own", "branch below"}, Role.COMPLIANCE: set(lines)}


def _funnel(branch: Branch) -> Model:
    from_any_client = about(factories.client(at=branch), _hit_model())
    return Funnel.objects.create(
        run=from_any_client.run,
        version=from_any_client.version,
        branch=branch,
        step=1,
        n=1,  # type: ignore[attr-defined]
    )


def _hit_model() -> type[Model]:
    return next(model for model in models_with_clients() if model._meta.label == "strategies.Hit")


# Work: who is named on it, or whose pool it waits in, sees it without knowing the client.
@pytest.mark.django_db
def test_work_is_seen_by_whom_it_names_and_by_its_pool(alice: Staff) -> None:
    elsewhere = factories.client(at=factories.branch("B"))
    dave = factories.staff("Dave", at=alice.branch)
    tasks = {
        "assigned": factories.task(elsewhere, assignee=alice),
        "worked on": factories.task(elsewhere, worker=alice),
        "manager pool": factories.task(elsewhere, pool="client_manager:A"),
        "adviser pool": factories.task(elsewhere, pool="adviser:A"),
        "call centre": factories.task(elsewhere, pool="call_centre"),
        "pool of another branch": factories.task(elsewhere, pool="client_manager:B"),
        "of a colleague": factories.task(elsewhere, pool="client_manager:A", assignee=dave),
    }
    found = {}

    for role in Role.values:
        become(alice, role)
        found[role] = seen(alice.user, Task, tasks)

    named = {"assigned", "worked on"}
    assert found == {
        Role.MANAGER: named | {"manager pool"},
        Role.ADVISER: named | {"adviser pool"},
        Role.CALL_CENTRE: named | {"call centre"},
        Role.SUPERVISOR: set(),
        Role.SERVICE_OPS: set(tasks),
        Role.ANALYST: set(),
        Role.COMPLIANCE: set(tasks),
        Role.ADMINISTRATOR: set(),
        **{role: set() for role in access.OF_STRATEGIES},
    }


@pytest.mark.django_db
def test_a_sensitive_clients_work_shows_in_no_pool(alice: Staff) -> None:
    hidden = factories.client(at=alice.branch, sensitive=True)
    tasks = {"pool": factories.task(hidden, pool="client_manager:A"), "mine": factories.task(hidden, assignee=alice)}

    assert seen(alice.user, Task, tasks) == set()
