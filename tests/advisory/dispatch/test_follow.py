"""A message that asks for an answer: the task after it comes once, or not when something speaks against it."""

from datetime import timedelta
from typing import Any

import pytest

from advisory.dispatch import services as dispatch
from advisory.dispatch.models import FollowUp
from advisory.inbox import services as inbox
from advisory.inbox.models import Message, MessageTemplate
from advisory.taskqueue.models import Task
from clients.org.models import Role
from clients.register.models import Client, ContactHold
from kpm.strategies import lasting
from kpm.strategies import services as strategies
from kpm.strategies.models import Hit, ServiceStop, StrategyVersion
from tests import factories as make
from tests.clients.portrait.screen import Event, happen
from tests.kpm.outcomes.world import settle
from tests.kpm.strategies.rounds import DAY, run, stops, version

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(hours=25)


@pytest.fixture
def bob(settings: Any, tmp_path: Any) -> Client:
    settings.LAKE_DIR = tmp_path
    return make.client("Bob", manager=make.staff("Alice"))


def asked(bob: Client, *, wait: int, **fields: Any) -> StrategyVersion:
    """A message, then a task after `wait` hours, found today."""
    texts()
    of = asking("A", wait=wait, **fields)
    run([(of, bob)], now=make.NOW, day=DAY, evidence='{"age": "30"}')
    return of


def texts() -> None:
    MessageTemplate.objects.create(code="A", version=1, title="T", body="B", active=True, published_at=make.NOW)
    make.playbook("A")


def asking(code: str, *, wait: int, **fields: Any) -> StrategyVersion:
    return version(
        code, action="push_then_task", template_code="A", playbook_code="A", task_after_hours=wait,
        condition="age > 0", **fields,
    )  # fmt: skip


def asked_twice(bob: Client, *, wait: int) -> None:
    """Two messages of one moment, each with a promise; the rules allow one call in three trading days."""
    texts()
    two = [asking(code, wait=wait, valid_days=20) for code in "AB"]
    run([(of, bob) for of in two], now=make.NOW, day=DAY, evidence='{"age": "30"}')
    Hit.objects.update(stage=9, stopped_by="")
    dispatch.deliver_pending(now=make.NOW)


def test_the_task_follows_when_its_wait_is_over(bob: Client) -> None:
    asked(bob, wait=24)
    delivered = dispatch.deliver_pending(now=make.NOW)
    early = dispatch.follow_up(now=make.NOW + timedelta(hours=23))

    made = dispatch.follow_up(now=LATER)
    again = dispatch.follow_up(now=LATER)

    assert (delivered, early, made, again) == ({"message": 1}, {}, {"made": 1}, {})
    assert Message.objects.count() == 1
    assert FollowUp.objects.get().task == Task.objects.get(playbook_version__playbook__code="A")


def test_without_a_wait_it_follows_at_once(bob: Client) -> None:
    asked(bob, wait=0)

    dispatch.deliver_pending(now=make.NOW)

    assert (Message.objects.count(), Task.objects.count()) == (1, 1)


def test_a_hold_since_the_message_stops_the_task(bob: Client) -> None:
    asked(bob, wait=24)
    dispatch.deliver_pending(now=make.NOW)
    ContactHold.objects.create(client=bob, kind=ContactHold.Kind.COMPLAINT)

    stopped = dispatch.follow_up(now=LATER)

    line = FollowUp.objects.get()
    assert stopped == {"stopped": 1}
    assert (line.reason, line.task, Task.objects.count()) == ("late_consent", None, 0)


def test_what_a_stop_of_service_holds_back_comes_when_the_stop_ends(bob: Client) -> None:
    asked(bob, wait=24, purpose="service", valid_days=20)
    dispatch.deliver_pending(now=make.NOW)
    otto, olga = (make.staff(name, roles=(Role.OPERATOR,)).user for name in ("Otto", "Olga"))
    stop = ServiceStop(scope="company", purposes="both", reason="a wrong letter")
    strategies.stop_service(stop=stop, by=otto, now=LATER)
    held = dispatch.follow_up(now=LATER)
    line = FollowUp.objects.get()
    strategies.lift_stop(stop=stop, by=olga, now=LATER, reason="mended")

    soon, then = dispatch.follow_up(now=LATER), dispatch.follow_up(now=LATER + timedelta(minutes=5))

    assert (held, soon, then) == ({"waiting": 1}, {}, {"made": 1})
    assert (line.state, line.reason, line.due_at, line.ended_at) == (
        "waiting", "stopped_by_switch", LATER + timedelta(minutes=5), None,
    )  # fmt: skip
    assert (FollowUp.objects.get().reason, Task.objects.count()) == ("", 1)


def test_what_a_stop_holds_back_for_too_long_is_too_old(bob: Client) -> None:
    asked(bob, wait=24, purpose="service", valid_days=2)
    dispatch.deliver_pending(now=make.NOW)
    otto = make.staff("Otto", roles=(Role.OPERATOR,)).user
    strategies.stop_service(stop=ServiceStop(scope="company", purposes="both", reason="x"), by=otto, now=make.NOW)
    dispatch.follow_up(now=LATER)

    assert dispatch.follow_up(now=LATER + timedelta(days=9)) == {"stopped": 1}
    assert FollowUp.objects.get().reason == "expired"


def test_a_need_that_has_gone_makes_no_task(bob: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(bob, wait=24)
    dispatch.deliver_pending(now=make.NOW)
    monkeypatch.setattr(lasting, "gone", lambda hits, until: {hit.uid for hit in hits})

    gone = dispatch.follow_up(now=LATER)

    assert gone == {"need_gone": 1}
    assert not Task.objects.exists()


def test_a_goal_that_is_reached_already_makes_no_task(bob: Client) -> None:
    asked(bob, wait=24, goal="since_hit_login_cnt >= 1", goal_window=7)
    dispatch.deliver_pending(now=make.NOW)
    settle(make.DAY)
    happen(Event(bob, "signed_in", back=-2, hour=21), arrived_at=make.NOW)

    met = dispatch.follow_up(now=LATER)

    line = FollowUp.objects.get()
    assert met == {"met": 1}
    assert (line.reason, line.task, line.ended_at) == ("", None, LATER)
    assert not Task.objects.exists()


def test_a_goal_that_doing_nothing_reaches_is_not_reached_before_its_window_ends(bob: Client) -> None:
    asked(bob, wait=24, goal="since_hit_net_inflow >= 0", goal_window=7)
    dispatch.deliver_pending(now=make.NOW)
    settle(make.DAY)

    made = dispatch.follow_up(now=LATER)

    assert made == {"made": 1}


def test_a_message_already_there_promises_nothing_twice(bob: Client) -> None:
    asked(bob, wait=24)
    dispatch.deliver_pending(now=make.NOW)

    inbox.mark_read(message=Message.objects.get(), now=make.NOW)
    dispatch.deliver_pending(now=make.NOW)

    assert FollowUp.objects.count() == 1


@pytest.mark.parametrize("wait", [0, 24, 96, 240])
def test_of_two_promises_the_cap_lets_one_task_follow(bob: Client, wait: int) -> None:
    asked_twice(bob, wait=wait)

    dispatch.follow_up(now=make.NOW + timedelta(hours=wait + 1))

    ended = [*FollowUp.objects.order_by("pk").values_list("state", "reason")]
    assert (Message.objects.count(), ended) == (2, [("made", ""), ("stopped", "late_cap")])
    assert Task.objects.get() == FollowUp.objects.get(state="made").task


def test_a_task_made_late_counts_from_when_it_was_made(bob: Client) -> None:
    asked(bob, wait=96, valid_days=20)
    dispatch.deliver_pending(now=make.NOW)
    later = make.NOW + timedelta(hours=97)
    dispatch.follow_up(now=later)
    call = version("W", playbook_code="A", condition="age > 0")

    done = run([(call, bob)], now=later + timedelta(hours=1), day=DAY, evidence='{"age": "30"}')

    assert Hit.objects.get(strategy__code="A").task_at == later
    assert stops(done) == {("W", "Bob"): "cap_client"}


def gone(monkeypatch: pytest.MonkeyPatch, _bob: Client) -> None:
    monkeypatch.setattr(lasting, "gone", lambda hits, until: {hit.uid for hit in hits})


def held(_monkeypatch: pytest.MonkeyPatch, bob: Client) -> None:
    """A complaint that is settled an hour after the task was due."""
    ContactHold.objects.create(client=bob, kind=ContactHold.Kind.COMPLAINT, until=LATER + timedelta(hours=1))


@pytest.mark.parametrize(("ends", "state"), [(gone, "need_gone"), (held, "stopped")])
def test_a_promise_that_ended_without_a_task_uses_up_no_contact(
    bob: Client, monkeypatch: pytest.MonkeyPatch, ends: Any, state: str
) -> None:
    asked(bob, wait=24)
    dispatch.deliver_pending(now=make.NOW)
    ends(monkeypatch, bob)
    ended = dispatch.follow_up(now=LATER)
    call = version("W", playbook_code="A", condition="age > 0")

    done = run([(call, bob)], now=LATER + timedelta(hours=2), day=DAY, evidence='{"age": "30"}')

    assert ended == {state: 1}
    assert stops(done) == {("W", "Bob"): ""}
