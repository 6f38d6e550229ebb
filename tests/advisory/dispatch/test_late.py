"""A hit that waited passes the gates of the funnel again when it is delivered, and so does the task that follows it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from advisory.dispatch import services as dispatch
from advisory.dispatch.judging import Judged
from advisory.dispatch.models import FollowUp
from advisory.inbox.models import Message, MessageTemplate
from advisory.taskqueue.models import Task
from clients.org.models import Role, Staff
from clients.register.models import Account, Client, Consent, ContactHold, ContactPreference, RiskAssessment, Touch
from kpm.strategies import services
from kpm.strategies.models import Hit, StrategyVersion
from tests import factories as make
from tests.kpm.strategies.rounds import DAY, run, version

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(hours=1)
Change = Callable[[Client], object]


@pytest.fixture
def bob(settings: Any, tmp_path: Any) -> Client:
    """C3, with an account, and Dora who is a licensed adviser."""
    settings.LAKE_DIR = tmp_path
    MessageTemplate.objects.create(code="A", version=1, title="T", body="B", active=True, published_at=make.NOW)
    make.playbook("A")
    bob = make.client("Bob", manager=make.staff("Alice"))
    make.staff("Dora", at=bob.branch, roles=(Role.ADVISER,), licence="S0001")
    make.fund_account(bob)
    assess(bob, 3)
    return bob


def assess(of: Client, level: int, days: int = 300) -> RiskAssessment:
    return RiskAssessment.objects.create(
        client=of, level=level, assessed_on=DAY - timedelta(days=2), valid_to=DAY + timedelta(days=days)
    )


def message(code: str = "A", **fields: Any) -> StrategyVersion:
    said = {"purpose": "service", "action": "push", "handler": "system", "template_code": "A", "channels": ["inbox"]}
    return version(code, **{**said, "condition": "age > 0", **fields})


def work(code: str = "A", **fields: Any) -> StrategyVersion:
    return version(code, **{"playbook_code": "A", "condition": "age > 0", **fields})


def found(*pairs: tuple[StrategyVersion, Client]) -> None:
    run(pairs, now=make.NOW, day=DAY, evidence='{"age": "30"}')


def refuse_decisions(of: Client) -> None:
    Consent.objects.create(
        client=of, purpose="automated_decision", version="1", given=False, channel="app", at=make.NOW
    )


def own_account(of: Client) -> None:
    Staff.objects.filter(pk=of.manager_id).update(own_client_no=of.client_no)


def silence(of: Client) -> None:
    """He refuses the family after a hit of another strategy of it."""
    other = work("Z", family="A")
    hit = Hit.objects.create(
        strategy=other.strategy, version=other, client=of, branch=of.branch, occurrence="", run=Hit.objects.get().run,
        first_day=DAY, last_day=DAY, stage=9, stopped_by="no_capacity",
    )  # fmt: skip
    services.record_feedback(
        hit_uid=hit.uid, contact="reached", response="refused_family", verdict="", staff=None, idem_key="1",
        now=make.NOW,
    )  # fmt: skip


def served(of: Client, family: str, number: int, **fields: Any) -> None:
    """A hit of the family that was delivered an hour ago."""
    other = work(f"Y{number}", family=family, **fields)
    Hit.objects.create(
        strategy=other.strategy, version=other, client=of, branch=of.branch, occurrence=str(number),
        run=Hit.objects.order_by("pk")[0].run, first_day=DAY, last_day=DAY, stage=10, used_on=DAY,
        delivered_at=make.NOW,
    )  # fmt: skip


def family_is_full(of: Client) -> None:
    for number in range(2):
        served(of, "A", number, action="reminder")


def same_object_again(of: Client) -> None:
    """Another day's hit of the same strategy about the same object reached him meanwhile."""
    hit = Hit.objects.get()
    Hit.objects.create(
        strategy=hit.strategy, version=hit.version, client=of, branch=of.branch, occurrence="@before", run=hit.run,
        first_day=DAY, last_day=DAY, stage=10, used_on=make.DAY, delivered_at=make.NOW,
    )  # fmt: skip


ANYBODY: list[tuple[str, Change, dict[str, Any]]] = [
    ("account_status", lambda bob: Client.objects.filter(pk=bob.pk).update(status="closed"), {}),
    ("account_status", lambda bob: ContactHold.objects.create(client=bob, kind="deceased"), {}),
    ("assessment_expired", lambda bob: assess(bob, 3, days=0), {"product_level": 2}),
    ("unsuitable", lambda bob: assess(bob, 1), {"product_level": 2}),
    ("cooldown", same_object_again, {"cooldown_n": 3}),
]
STOPPABLE: list[tuple[str, Change, dict[str, Any]]] = [
    ("account_status", lambda bob: Client.objects.filter(pk=bob.pk).update(birth_date="2015-01-01"), {}),
    ("account_status", own_account, {}),
    ("account_status", lambda bob: Account.objects.update(status="frozen"), {}),
    ("late_consent", refuse_decisions, {}),
    ("late_consent", lambda bob: ContactPreference.objects.create(client=bob, channel="inbox", allowed=False), {}),
    ("late_consent", lambda bob: ContactHold.objects.create(client=bob, kind="complaint"), {}),
    ("suppressed_by_outcome", silence, {}),
    ("cap_family", family_is_full, {}),
]


def asked_for(fields: dict[str, Any]) -> dict[str, Any]:
    return {**fields, "suitability_gate": "product_level" in fields}


@pytest.mark.parametrize(("reason", "change", "fields"), [*ANYBODY, *STOPPABLE])
def test_what_changed_while_it_waited_stops_a_service(
    bob: Client, reason: str, change: Change, fields: dict[str, Any]
) -> None:
    found((message(**asked_for(fields)), bob))
    change(bob)

    counts = dispatch.deliver_pending(now=LATER)

    assert counts == {reason: 1}
    assert (Message.objects.count(), Touch.objects.count()) == (0, 0)


@pytest.mark.parametrize(("reason", "change", "fields"), STOPPABLE)
def test_none_of_it_stops_a_message_of_risk(bob: Client, reason: str, change: Change, fields: dict[str, Any]) -> None:
    found((message(purpose="risk"), bob))
    change(bob)

    assert dispatch.deliver_pending(now=LATER) == {"message": 1}


@pytest.mark.parametrize(("reason", "change", "fields"), ANYBODY)
def test_the_gates_that_hold_for_all_stop_it_too(
    bob: Client, reason: str, change: Change, fields: dict[str, Any]
) -> None:
    found((message(purpose="risk", **asked_for(fields)), bob))
    change(bob)

    assert dispatch.deliver_pending(now=LATER) == {reason: 1}


def test_work_of_an_adviser_waits_for_somebody_licensed(bob: Client) -> None:
    found((work(handler="adviser"), bob))
    Staff.objects.get(name="Dora").licences.update(valid_to=DAY)

    assert dispatch.deliver_pending(now=LATER) == {"no_licence": 1}
    assert not Task.objects.exists()


def test_what_a_batch_delivers_counts_against_the_rest_of_it(bob: Client) -> None:
    """Two messages of service a day: the third of one batch is too many, and another client's is not."""
    charlie = make.client("Charlie")
    found(*((message(code), bob) for code in "ABC"))
    Hit.objects.update(stage=9, stopped_by="", delivered_at=None)
    again = message("D")
    run([(again, charlie)], now=make.NOW, day=DAY, evidence='{"age": "30"}')

    counts = dispatch.deliver_pending(now=LATER)

    assert counts == {"message": 3, "late_cap": 1}
    assert Message.objects.filter(client=charlie).count() == 1


def test_a_batch_of_one_family_stops_at_its_cap(bob: Client) -> None:
    found(*((work(code, action="reminder"), bob) for code in "ABC"))
    Hit.objects.update(stage=9, stopped_by="", delivered_at=None)
    for of in StrategyVersion.objects.select_related("strategy"):
        of.strategy.family = "F"
        of.strategy.save(update_fields=["family"])

    counts = dispatch.deliver_pending(now=LATER)

    assert counts == {"reminder": 2, "cap_family": 1}


def test_its_own_message_does_not_stop_the_task_that_follows(bob: Client) -> None:
    """One delivery of the family before, and its own: the cap of two is for others."""
    found((message("A", action="push_then_task", handler="client_manager", playbook_code="A", task_after_hours=1), bob))
    served(bob, "A", 1, action="reminder")
    delivered = dispatch.deliver_pending(now=make.NOW)

    followed = dispatch.follow_up(now=LATER)

    assert (delivered, followed) == ({"message": 1}, {"made": 1})


def test_a_call_that_a_message_has_promised_is_not_stopped_by_what_its_family_had_since(bob: Client) -> None:
    found((message("A", action="push_then_task", handler="client_manager", playbook_code="A", task_after_hours=1), bob))
    delivered = dispatch.deliver_pending(now=make.NOW)
    family_is_full(bob)

    followed = dispatch.follow_up(now=LATER)

    assert (delivered, followed) == ({"message": 1}, {"made": 1})


def test_the_task_that_follows_asks_for_its_own_channel(bob: Client) -> None:
    found((message("A", action="push_then_task", handler="client_manager", playbook_code="A", task_after_hours=1), bob))
    delivered = dispatch.deliver_pending(now=make.NOW)
    ContactPreference.objects.create(client=bob, channel="phone", allowed=False)

    followed = dispatch.follow_up(now=LATER)

    assert (delivered, followed) == ({"message": 1}, {"stopped": 1})
    assert FollowUp.objects.get().reason == "late_consent"


def test_a_batch_is_asked_in_a_fixed_number_of_queries(bob: Client) -> None:
    clients = [make.client(f"C{number}") for number in range(20)]
    found(*((message(code), client) for code, client in zip("ABCDEFGHIJKLMNOPQRST", clients, strict=True)))
    hits = list(Hit.objects.select_related("version", "strategy").order_by("pk"))

    with CaptureQueriesContext(connection) as one:
        Judged(hits[:1], LATER)
    with CaptureQueriesContext(connection) as many:
        Judged(hits, LATER)

    assert len(one) == len(many) <= 37
