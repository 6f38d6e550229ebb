"""The queue: whose tasks, in which order, with how many queries."""

from datetime import timedelta

import pytest

from advisory.taskqueue import services
from advisory.taskqueue.models import Task
from tests import factories

pytestmark = pytest.mark.django_db
QUEUE_QUERIES = 9  # of the 12 that DESK 11 allows
CHINESE = {"HTTP_ACCEPT_LANGUAGE": "zh-hans"}


@pytest.fixture
def alice():
    """A manager with two slots."""
    return factories.staff("Alice")


@pytest.fixture
def desk(client, alice, time_machine):
    """Alice's browser at the factories' present."""
    time_machine.move_to(factories.NOW, tick=False)
    client.force_login(alice.user, backend="clients.org.backends.StaffBackend")
    return client


def test_mine_are_the_tasks_assigned_to_me_most_urgent_first(desk, alice):
    low = factories.task(factories.client(manager=alice), assignee=alice, rank=1)
    high = factories.task(factories.client(manager=alice), assignee=alice, rank=9)
    other = factories.staff("Charlie", at=alice.branch)
    factories.task(factories.client(manager=other), assignee=other, rank=99)

    answer = desk.get("/desk/", **CHINESE)

    assert answer.context["queue"].rows == [high, low]
    assert answer.context["queue"].counts == {"mine": 2, "pool": 0, "done": 0}


def test_a_row_says_why_first_and_shows_only_the_tail_of_the_number(desk, alice):
    bob = factories.client("Bob", manager=alice, client_no="C0000123")
    factories.task(bob, assignee=alice, due_at=factories.NOW - timedelta(minutes=1))

    text = desk.get("/desk/", **CHINESE).content.decode()

    assert "第一大持仓占比 89.71% 不低于 70%" in text
    assert "…0123" in text
    assert "C0000123" not in text
    assert "已逾期" in text


def test_an_english_page_says_why_in_english(desk, alice):
    factories.task(factories.client(manager=alice), assignee=alice)

    text = desk.get("/desk/", HTTP_ACCEPT_LANGUAGE="en").content.decode()

    assert "Share of the largest holding 89.71% is at least 70%" in text
    assert "Concentrated portfolio" in text


def test_the_pool_holds_what_nobody_was_given(desk, alice):
    waiting = factories.task(factories.client(manager=alice), pool="branch")

    assert desk.get("/desk/?tab=pool", **CHINESE).context["queue"].rows == [waiting]


def test_an_unknown_tab_is_not_found(desk):
    assert desk.get("/desk/?tab=everything").status_code == 404


def test_reminders_stand_beside_and_count_as_seen_when_opened(desk, alice):
    reminder = factories.task(factories.client(manager=alice), assignee=alice, kind=Task.Kind.REMINDER)

    before = desk.get("/desk/", **CHINESE)
    page = desk.get(f"/desk/t/{reminder.uid}/", **CHINESE)

    reminder.refresh_from_db()
    assert before.context["queue"].reminders == [reminder]
    assert before.context["queue"].rows == []
    assert "提醒无需填写结果" in page.content.decode()
    assert (reminder.seen_at, reminder.state) == (factories.NOW, "open")


def test_take_next_begins_the_most_urgent_one(desk, alice):
    factories.task(factories.client(manager=alice), assignee=alice, rank=1)
    high = factories.task(factories.client(manager=alice), assignee=alice, rank=9)

    answer = desk.post("/desk/next/")

    high.refresh_from_db()
    assert answer.url == f"/desk/t/{high.uid}/"
    assert (high.state, high.worker) == ("working", alice)


def test_take_next_passes_over_a_client_who_is_with_a_colleague(desk, alice):
    bob = factories.client(manager=alice)
    charlie = factories.staff("Charlie", at=alice.branch)
    services.claim(task=factories.task(bob, assignee=charlie), by=charlie, now=factories.NOW)
    factories.task(bob, assignee=alice, rank=9)
    free = factories.task(factories.client(manager=alice), assignee=alice, rank=1)

    assert desk.post("/desk/next/").url == f"/desk/t/{free.uid}/"


def test_take_next_says_when_the_hands_are_full(desk, alice):
    tasks = [factories.task(factories.client(manager=alice), assignee=alice) for _n in range(3)]
    for task in tasks[:2]:
        services.claim(task=task, by=alice, now=factories.NOW)

    page = desk.post("/desk/next/", follow=True, **CHINESE)

    tasks[2].refresh_from_db()
    assert "你同时处理的任务已到上限" in page.content.decode()
    assert tasks[2].state == "open"


def test_take_next_says_when_there_is_nothing(desk):
    page = desk.post("/desk/next/", follow=True, **CHINESE)

    assert "现在没有可开始的任务" in page.content.decode()


def test_the_refresh_answers_with_the_rows_alone(desk, alice):
    factories.task(factories.client(manager=alice), assignee=alice)

    text = desk.get("/desk/", HTTP_HX_REQUEST="true", **CHINESE).content.decode()

    assert text.count("<tr") == 1
    assert "<html" not in text


def test_a_refresh_after_the_session_ended_sends_the_whole_page_to_the_login(client):
    asked = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://testserver/desk/?tab=pool"}

    answer = client.get("/desk/?tab=mine", **asked)

    assert answer.headers["HX-Redirect"] == "/desk/login/?next=%2Fdesk%2F%3Ftab%3Dpool"
    assert answer.content == b""


@pytest.mark.parametrize("tab", ["mine", "pool", "done"])
def test_an_empty_tab_says_why(desk, tab):
    reasons = {"mine": "没有分配给你的任务", "pool": "公共池为空", "done": "今天尚无完成的任务"}

    assert reasons[tab] in desk.get(f"/desk/?tab={tab}", **CHINESE).content.decode()


@pytest.mark.parametrize("many", [1, 30])
def test_the_queue_asks_equally_often_however_long_it_is(desk, alice, django_assert_num_queries, many):
    for _n in range(many):
        factories.task(factories.client(manager=alice), assignee=alice)

    with django_assert_num_queries(QUEUE_QUERIES):
        desk.get("/desk/", **CHINESE)


def test_the_component_page_shows_every_component(desk):
    text = desk.get("/desk/components/", **CHINESE).content.decode()

    for name in ("wt-card", "wt-amount", "wt-change", "wt-table", "wt-empty", "wt-state", "wt-toast", "wt-errors",
                 "wt-line", "wt-shares", "wt-why", "wt-page-head", "wt-notice", "wt-choice", "wt-switch"):  # fmt: skip
        assert f'class="{name}' in text, name
