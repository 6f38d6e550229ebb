"""What access depends on is read once a request, and never kept for the next one."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client as Browser

from advisory.inbox.models import Message
from advisory.taskqueue.models import Task
from clients.org import access
from clients.org.backends import StaffBackend
from clients.org.models import Cover, Role, Staff, StaffRole, User
from clients.org.standing import Standing, standing_of
from clients.register.models import Client
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
BACKEND = "clients.org.backends.StaffBackend"
MODELS: tuple[Any, ...] = (Client, Task, Message)


@pytest.fixture
def alice() -> Staff:
    """A manager with one client."""
    person = factories.staff("Alice")
    factories.client("Bob", manager=person)
    return person


def in_a_request(person: Staff) -> User:
    """The login as a session brings it."""
    found = StaffBackend().get_user(person.user_id)
    assert found is not None
    return found


def sees(user: User) -> bool:
    return Client.objects.filter(access.scope(user, Client, now=NOW)).exists()


def test_all_questions_of_a_request_read_the_person_his_roles_and_his_covers_once(
    alice: Staff, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):
        user = in_a_request(alice)
        for model in MODELS:
            for action in ("view", "work", "change"):
                access.scope(user, model, action, now=NOW)
        level = access.field_level(user, "mobile", now=NOW)
        may_configure = user.has_perm("strategies.view_strategy")

    assert (level, may_configure) == ("R", False)


def test_a_role_that_changes_counts_from_the_next_request(alice: Staff) -> None:
    user = in_a_request(alice)
    before = sees(user)

    StaffRole.objects.filter(staff=alice).update(valid_to=date(2026, 1, 1))

    assert (before, sees(user), sees(in_a_request(alice))) == (True, True, False)


def test_the_same_browser_is_asked_again_at_its_next_request(alice: Staff, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)
    task = factories.task(Client.objects.get(), assignee=alice)
    browser = Browser()
    browser.force_login(alice.user, backend=BACKEND)

    as_manager = browser.get(f"/desk/t/{task.uid}/").status_code
    StaffRole.objects.filter(staff=alice).update(role=Role.ANALYST)
    as_analyst = browser.get(f"/desk/t/{task.uid}/").status_code

    assert (as_manager, as_analyst) == (200, 404)


def test_a_login_from_anywhere_else_is_read_at_each_question(alice: Staff) -> None:
    user = User.objects.get(pk=alice.user_id)
    before = sees(user)

    StaffRole.objects.filter(staff=alice).update(valid_to=date(2026, 1, 1))

    assert (before, sees(user)) == (True, False)


def test_a_standing_answers_for_the_moment_that_is_asked(alice: Staff) -> None:
    carol = factories.staff("Carol")
    Cover.objects.create(absent=carol, cover=alice, starts_at=NOW, ends_at=NOW + HOUR)
    StaffRole.objects.create(staff=alice, role=Role.ADVISER, valid_from=date(2026, 11, 23))
    who = Standing(alice)

    moments = (NOW - HOUR, NOW, NOW + HOUR)
    covered = [who.covered(moment) for moment in moments]
    roles = [who.roles(NOW), who.roles(NOW + 24 * HOUR)]

    assert covered == [[], [carol.pk], []]
    assert roles == [{Role.MANAGER}, {Role.MANAGER, Role.ADVISER}]


def test_visitors_clients_and_who_has_left_have_no_standing(alice: Staff) -> None:
    Staff.objects.filter(pk=alice.pk).update(left_on=date(2026, 11, 20))
    bob = Client.objects.get()

    assert standing_of(AnonymousUser()) is None
    assert standing_of(bob.user) is None
    assert standing_of(User.objects.get(pk=alice.user_id)) is None
    assert StaffBackend().get_user(alice.user_id) is None
