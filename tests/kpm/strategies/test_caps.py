"""Contact rules: the newest row counts, windows end today, and delivery counts once more."""

from datetime import date, datetime, timedelta

import pytest
from model_bakery import baker

from clients.org.models import Role
from clients.register import rulings
from clients.register.models import Client, Consent, Touch
from kpm.strategies import services
from kpm.strategies.models import ContactRule, Hit
from tests import factories as make
from tests.kpm.strategies.rounds import version

pytestmark = pytest.mark.django_db
PUSH = "push"


@pytest.fixture
def bob() -> Client:
    """He may be told of offers."""
    bob = make.client("Bob")
    Consent.objects.create(client=bob, purpose="marketing", version="1", given=True, channel="app", at=make.NOW)
    return bob


def touched(client: Client, days_ago: int, purpose: str = "marketing", channel: str = "inbox") -> None:
    at = make.NOW - timedelta(days=days_ago)
    Touch.objects.create(
        client=client, branch=client.branch, channel=channel, purpose=purpose, started_at=at,
        provider_ref=f"{client.pk}:{days_ago}:{purpose}:{channel}",
    )  # fmt: skip


def over(client: Client, action: str = PUSH, purpose: str = "marketing", now: datetime = make.NOW) -> bool:
    """Whether one more contact of this kind would pass a cap: a hit that waits for its delivery."""
    of = version(f"{action}{purpose}{Hit.objects.count()}", action=action, purpose=purpose, handler="system")
    hit = baker.make(Hit, strategy=of.strategy, version=of, client=client, branch=client.branch)
    reason = services.stopped_now(hits=[hit], now=now).get(hit.uid, "")
    assert reason in ("", "late_cap")
    return reason == "late_cap"


def test_one_marketing_push_a_day(bob: Client) -> None:
    assert not over(bob)
    touched(bob, 0)
    assert over(bob)


def test_two_marketing_pushes_in_seven_days(bob: Client) -> None:
    touched(bob, 6)
    assert not over(bob)

    touched(bob, 1)

    assert over(bob)


def test_a_push_eight_days_ago_counts_no_more(bob: Client) -> None:
    touched(bob, 8)
    touched(bob, 7)

    assert not over(bob)


def test_a_risk_contact_counts_and_is_not_stopped(bob: Client) -> None:
    touched(bob, 0, purpose="risk")

    assert over(bob)
    assert not over(bob, purpose="risk")


def test_a_reminder_contacts_nobody(bob: Client) -> None:
    touched(bob, 0)

    assert not over(bob, action="reminder")


def test_a_visit_is_no_call(bob: Client) -> None:
    touched(bob, 1, purpose="service", channel="visit")
    assert not over(bob, action="task", purpose="service")

    touched(bob, 1, purpose="service", channel="phone")

    assert over(bob, action="task", purpose="service")


def test_a_later_row_replaces_an_earlier_one_once_it_is_confirmed(bob: Client) -> None:
    touched(bob, -1)
    rule = ContactRule(
        purpose="marketing", kind="push", window=1, unit="day", most=2, effective_from=date(2026, 11, 23)
    )
    rulings.propose_rule(rule=rule, by=make.staff("Alice").user, now=make.NOW)
    tomorrow = make.NOW + timedelta(days=1)
    proposed = over(bob, now=tomorrow)

    rulings.confirm_rule(rule=rule, by=make.staff("Carol", roles=(Role.COMPLIANCE,)).user, now=make.NOW)

    assert (proposed, over(bob)) == (True, True)
    assert not over(bob, now=tomorrow)


@pytest.mark.parametrize(
    ("action", "made_days_ago", "counted"),
    [("task", 0, True), ("push_then_task", 2, True), ("push_then_task", 3, False), ("push_then_task", None, False),
     ("reminder", 0, False)],
)  # fmt: skip
def test_a_task_counts_from_when_it_was_handed_out(
    bob: Client, action: str, made_days_ago: int | None, counted: bool
) -> None:
    """The message of a promise went out today; a call may come once in three days."""
    of = version("A", action=action)
    hit = baker.make(
        Hit, strategy=of.strategy, version=of, client=bob, branch=bob.branch, delivered_at=make.NOW, used_on=make.DAY
    )
    if made_days_ago is not None:
        services.report_tasks(hits=[hit], now=make.NOW - timedelta(days=made_days_ago))

    assert over(bob, action="task", purpose="service") == counted


def test_a_task_that_was_answered_is_no_contact_to_come(bob: Client) -> None:
    of = version("A")
    hit = baker.make(Hit, strategy=of.strategy, version=of, client=bob, branch=bob.branch)
    services.report_tasks(hits=[hit], now=make.NOW)
    before = over(bob, action="task", purpose="service")

    services.record_feedback(
        hit_uid=hit.uid, contact="reached", response="", verdict="", staff=None, idem_key="1", now=make.NOW
    )

    assert (before, over(bob, action="task", purpose="service")) == (True, False)


def test_a_task_is_handed_out_once(bob: Client) -> None:
    of = version("A")
    hit = baker.make(Hit, strategy=of.strategy, version=of, client=bob, branch=bob.branch)

    services.report_tasks(hits=[hit], now=make.NOW)
    services.report_tasks(hits=[hit], now=make.NOW + timedelta(days=1))

    hit.refresh_from_db()
    assert hit.task_at == make.NOW
