"""Contact rules: the newest row counts, windows end today, and delivery counts once more."""

from datetime import date, timedelta

import pytest

from clients.org.models import Role
from clients.register import rulings
from clients.register.models import Client, Touch
from kpm.strategies.caps import over_cap
from kpm.strategies.models import ContactRule
from tests import factories as make

pytestmark = pytest.mark.django_db
PUSH = "push"


def touched(client: Client, days_ago: int, purpose: str = "marketing", channel: str = "inbox") -> None:
    at = make.NOW - timedelta(days=days_ago)
    Touch.objects.create(
        client=client, branch=client.branch, channel=channel, purpose=purpose, started_at=at,
        provider_ref=f"{client.pk}:{days_ago}:{purpose}:{channel}",
    )  # fmt: skip


def over(client: Client, action: str = PUSH, purpose: str = "marketing") -> bool:
    return over_cap(client_id=client.pk, purpose=purpose, action=action, now=make.NOW)


def test_one_marketing_push_a_day() -> None:
    bob = make.client("Bob")

    assert not over(bob)
    touched(bob, 0)
    assert over(bob)


def test_two_marketing_pushes_in_seven_days() -> None:
    bob = make.client("Bob")
    touched(bob, 6)
    assert not over(bob)

    touched(bob, 1)

    assert over(bob)


def test_a_push_eight_days_ago_counts_no_more() -> None:
    bob = make.client("Bob")
    touched(bob, 8)
    touched(bob, 7)

    assert not over(bob)


def test_a_risk_contact_counts_and_is_not_stopped() -> None:
    bob = make.client("Bob")
    touched(bob, 0, purpose="risk")

    assert over(bob)
    assert not over(bob, purpose="risk")


def test_a_reminder_contacts_nobody() -> None:
    bob = make.client("Bob")
    touched(bob, 0)

    assert not over(bob, action="reminder")


def test_a_visit_is_no_call() -> None:
    bob = make.client("Bob")
    touched(bob, 1, purpose="service", channel="visit")
    assert not over(bob, action="task", purpose="service")

    touched(bob, 1, purpose="service", channel="phone")

    assert over(bob, action="task", purpose="service")


def test_a_later_row_replaces_an_earlier_one_once_it_is_confirmed() -> None:
    bob = make.client("Bob")
    touched(bob, -1)
    rule = ContactRule(
        purpose="marketing", kind="push", window=1, unit="day", most=2, effective_from=date(2026, 11, 23)
    )
    rulings.propose_rule(rule=rule, by=make.staff("Alice").user, now=make.NOW)
    tomorrow = make.NOW + timedelta(days=1)
    proposed = over_cap(client_id=bob.pk, purpose="marketing", action=PUSH, now=tomorrow)

    rulings.confirm_rule(rule=rule, by=make.staff("Carol", roles=(Role.COMPLIANCE,)).user, now=make.NOW)

    assert (proposed, over(bob)) == (True, True)
    assert not over_cap(client_id=bob.pk, purpose="marketing", action=PUSH, now=tomorrow)
