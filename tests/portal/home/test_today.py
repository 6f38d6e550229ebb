"""Today's service: what the branch did for a client today and what somebody has in hand for him."""

from datetime import timedelta
from typing import Any

import pytest

from advisory.inbox import services as inbox
from advisory.taskqueue import services as taskqueue
from clients.org.models import Staff
from clients.register.models import Client, Touch
from portal.home import selectors
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
CHINESE = {"HTTP_ACCEPT_LANGUAGE": "zh-hans"}
MIDNIGHT = NOW - timedelta(hours=10)


@pytest.fixture
def alice() -> Staff:
    """Bob's manager."""
    return factories.staff("王建国", phone="0551-62345678")


@pytest.fixture
def bob(alice: Staff) -> Client:
    """Bob."""
    return factories.client("Bob", manager=alice)


@pytest.fixture
def home(client: Any, bob: Client, time_machine: Any) -> Any:
    """Ask for the home as Bob in Chinese, at the factories' present; only the card of today's service."""
    time_machine.move_to(NOW, tick=False)
    client.force_login(bob.user, backend="clients.register.backends.ClientBackend")
    return lambda: client.get("/", **CHINESE).content.decode().split('id="today"')[1].split("</section>")[0]


def touch(to: Client, by: Staff | None, **fields: Any) -> Touch:
    """One contact, an hour ago unless told."""
    known = {
        "channel": "phone",
        "purpose": "service",
        "started_at": NOW - timedelta(hours=1),
        "reached": True,
        **fields,
    }
    number = f"t{Touch.objects.count()}"
    return Touch.objects.create(client=to, branch=to.branch, staff=by, provider_ref=number, **known)


def test_a_quiet_day_says_so(home: Any) -> None:
    assert "今天没有服务记录" in home()


def test_calls_of_today_stand_with_name_and_time_newest_first(home: Any, bob: Client, alice: Staff) -> None:
    touch(bob, alice, started_at=NOW - timedelta(hours=2), reached=False)
    touch(bob, alice)

    text = home()

    assert text.index("09:00") < text.index("08:00")
    assert text.index("王建国 与您通了电话") < text.index("王建国 给您打过电话，未接通")


def test_the_day_begins_at_midnight_in_shanghai_and_is_his_own(bob: Client, alice: Staff) -> None:
    touch(bob, alice, started_at=MIDNIGHT - timedelta(seconds=1))
    first = touch(bob, alice, started_at=MIDNIGHT)
    touch(bob, alice, outbound=False)
    touch(factories.client("Charlie", manager=alice), alice)

    assert selectors.today(bob, bob.user, NOW) == selectors.Today([first], 0, [])


def test_messages_of_today_are_counted(home: Any, bob: Client) -> None:
    for number in range(2):
        inbox.deliver(client=bob, title=f"消息 {number}", body="x", purpose="service", now=NOW)

    assert "收到 2 条消息" in home()


def test_what_a_person_has_begun_stands_with_his_name_and_nothing_of_the_strategy(
    home: Any, bob: Client, alice: Staff
) -> None:
    task = factories.task(bob, assignee=alice, purpose="service", created_at=NOW - timedelta(days=2))
    taskqueue.claim(task=task, by=alice, now=NOW)

    text = home()

    assert "王建国 正在为您跟进一件事" in text
    assert "自 11-20 起" in text
    assert 'href="tel:0551-62345678"' in text
    for hidden in (task.strategy_code, task.strategy_name_zh, task.why):
        assert hidden not in text


def test_a_risk_is_called_one(home: Any, bob: Client, alice: Staff) -> None:
    taskqueue.claim(task=factories.task(bob, assignee=alice, purpose="risk"), by=alice, now=NOW)

    assert "王建国 正在关注您账户的一项风险" in home()


@pytest.mark.parametrize("purpose", ["marketing", "regulatory"])
def test_what_is_meant_to_sell_and_what_the_law_orders_is_not_told(bob: Client, alice: Staff, purpose: str) -> None:
    taskqueue.claim(task=factories.task(bob, assignee=alice, purpose=purpose), by=alice, now=NOW)

    assert not selectors.today(bob, bob.user, NOW)


def test_what_is_only_planned_and_what_is_of_others_is_not_told(bob: Client, alice: Staff) -> None:
    factories.task(bob, assignee=alice, purpose="service")
    charlie = factories.client("Charlie", manager=alice)
    taskqueue.claim(task=factories.task(charlie, assignee=alice, purpose="service"), by=alice, now=NOW)

    assert not selectors.today(bob, bob.user, NOW)
