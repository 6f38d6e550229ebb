"""When the client of a task is best reached: said with what was seen, and only where it may be said."""

from typing import Any

import pytest

from advisory.workbench.reaching import best_time
from clients.org.models import Role, Staff
from clients.portrait import services
from clients.portrait.traits import contact_time
from clients.register.models import Client, Consent
from tests import factories as make
from tests.clients.portrait.screen import Event, happen
from tests.clients.portrait.traits.night import night, short
from tests.clients.portrait.world import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Staff:
    """A manager; nights conclude this one trait."""
    settings.LAKE_DIR = tmp_path / "lake"
    short(monkeypatch, contact_time.TRAIT)
    return make.staff("Alice")


@pytest.fixture
def bob(alice: Staff) -> Client:
    """Her client, who was online in the evening of ten days."""
    found = make.client("Bob", manager=alice)
    happen(*[Event(found, "signed_in", back, 19) for back in range(10)])
    night()
    return found


def test_the_page_of_a_task_says_when_and_why(client: Any, alice: Staff, bob: Client) -> None:
    client.force_login(alice.user, backend="clients.org.backends.StaffBackend")

    page = client.get(f"/desk/t/{make.task(bob, assignee=alice).uid}/", HTTP_ACCEPT_LANGUAGE="en")

    reach = page.context["reach"]
    assert (reach.hours, reach.why) == ("15:00 to 21:00", ("was online 15:00 to 21:00 on 10 days",))
    assert 0.5 < reach.confidence < 1
    assert "was online 15:00 to 21:00 on 10 days" in page.content.decode()


def test_who_may_not_read_traits_is_told_nothing(bob: Client) -> None:
    agent = make.staff("Eve", roles=(Role.CALL_CENTRE,))

    assert best_time(agent.user, bob, now()) is None


def test_of_a_client_of_whom_nothing_was_seen_nothing_is_said(alice: Staff, bob: Client) -> None:
    assert best_time(alice.user, make.client("Ben", manager=alice), now()) is None
    assert best_time(alice.user, bob, now()) is not None


@pytest.mark.parametrize("purpose", ["behaviour", "personalisation", ""])
def test_what_he_withdraws_after_the_night_is_not_said_any_more(alice: Staff, bob: Client, purpose: str) -> None:
    before = best_time(alice.user, bob, now())

    if purpose:
        Consent.objects.create(client=bob, purpose=purpose, given=False, at=now(), version="1", channel="app")
    else:
        services.object_to(client=bob, trait="contact_time", by=bob.user, now=now())

    assert before is not None
    assert best_time(alice.user, bob, now()) is None
