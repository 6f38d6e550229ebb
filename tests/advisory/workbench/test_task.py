"""One task from opening to result, and every way it can be refused."""

import re
from datetime import timedelta

import pytest

from advisory.taskqueue import services
from advisory.taskqueue.models import Task, TaskResult
from clients.register.models import RiskAssessment
from tests import factories

pytestmark = pytest.mark.django_db
TASK_QUERIES = 10  # of the 12 that DESK 11 allows
CHINESE = {"HTTP_ACCEPT_LANGUAGE": "zh-hans"}
ANSWERS = {"contact": "reached", "response": "agreed", "verdict": "right", "note": "周五再看"}


@pytest.fixture
def alice():
    """A manager."""
    return factories.staff("Alice")


@pytest.fixture
def task(alice):
    """A task of Alice with three steps, the last of which has to be answered."""
    asked = {
        "text": "约定何时再看", "answer_type": "choice", "choices": ["今天", "三天内"], "required": True,
        "avoid_text": "现在不补就会被强平",
    }  # fmt: skip
    version = factories.playbook(steps=("核实身份", "说明占比 {top1_position_ratio}", asked))
    bob = factories.client("Bob", manager=alice, mobile="13800000001")
    return factories.task(bob, assignee=alice, playbook_version=version)


@pytest.fixture
def desk(client, alice, time_machine):
    """Alice's browser at the factories' present."""
    time_machine.move_to(factories.NOW, tick=False)
    client.force_login(alice.user, backend="clients.org.backends.StaffBackend")
    return client


def _typed(task: Task, **answers: str) -> dict[str, str]:
    task.refresh_from_db()
    return {"fence": str(task.fence), "idem_key": "k1", "step_3": "今天", **ANSWERS, **answers}


def _finish(desk, task, **answers):
    return desk.post(f"/desk/t/{task.uid}/finish/", _typed(task, **answers), **CHINESE)


def test_opening_is_not_claiming(desk, task):
    page = desk.get(f"/desk/t/{task.uid}/", **CHINESE).content.decode()

    task.refresh_from_db()
    assert task.state == "open"
    assert "打开不等于开始" in page
    assert 'name="contact"' not in page


def test_why_and_evidence_stand_before_client_and_steps(desk, task):
    page = desk.get(f"/desk/t/{task.uid}/", **CHINESE).content.decode()

    places = [page.index(text) for text in ("<h1>第一大持仓占比", "1,250,000 元", "核实身份", 'id="client"')]
    assert places == sorted(places)
    assert "数据日期 2026-11-20" in page


def test_steps_are_filled_from_the_evidence(desk, task):
    page = desk.get(f"/desk/t/{task.uid}/", **CHINESE).content.decode()

    assert "说明占比 89.71%" in page
    assert "不要说： <span>现在不补就会被强平</span>" in page


def test_the_mobile_is_masked(desk, task):
    page = desk.get(f"/desk/t/{task.uid}/", **CHINESE).content.decode()

    assert "138****0001" in page
    assert "13800000001" not in page


@pytest.mark.parametrize(("valid_to", "shown"), [(None, "未测评"), ("2026-11-21", "已过期"), ("2026-11-22", "C4 ")])
def test_the_risk_level_says_when_it_no_longer_counts(desk, task, valid_to, shown):
    if valid_to:
        RiskAssessment.objects.create(client=task.client, level=4, assessed_on="2025-11-22", valid_to=valid_to)

    assert shown in desk.get(f"/desk/t/{task.uid}/", **CHINESE).content.decode()


def test_begin_claims_and_opens_the_result(desk, alice, task):
    answer = desk.post(f"/desk/t/{task.uid}/claim/")
    page = desk.get(answer.url, **CHINESE).content.decode()

    task.refresh_from_db()
    assert (task.state, task.worker, task.fence) == ("working", alice, 1)
    assert 'name="contact"' in page
    assert "由你处理至 10:15" in page
    assert "已接通" in page


def test_a_task_that_a_colleague_took_says_who(desk, alice, task):
    charlie = factories.staff("Charlie", at=alice.branch)
    services.claim(task=task, by=charlie, now=factories.NOW)

    answer = desk.post(f"/desk/t/{task.uid}/claim/", **CHINESE)

    task.refresh_from_db()
    assert answer.status_code == 409
    assert "Charlie 已开始处理此任务" in answer.content.decode()
    assert task.worker == charlie


def test_putting_back_leaves_the_task_open(desk, alice, task):
    services.claim(task=task, by=alice, now=factories.NOW)

    desk.post(f"/desk/t/{task.uid}/release/")

    task.refresh_from_db()
    assert (task.state, task.worker) == ("open", None)


def test_putting_back_what_is_not_mine_changes_nothing(desk, alice, task):
    charlie = factories.staff("Charlie", at=alice.branch)
    services.claim(task=task, by=charlie, now=factories.NOW)

    page = desk.post(f"/desk/t/{task.uid}/release/", follow=True, **CHINESE)

    task.refresh_from_db()
    assert "此任务已不在你手中" in page.content.decode()
    assert (task.state, task.worker) == ("working", charlie)


def test_three_answers_close_the_task_and_are_shown_afterwards(desk, alice, task):
    services.claim(task=task, by=alice, now=factories.NOW)

    answer = _finish(desk, task)
    page = desk.get(answer.url, **CHINESE).content.decode()

    result = TaskResult.objects.get(task=task)
    assert (result.contact, result.response, result.verdict) == ("reached", "agreed", "right")
    assert (result.note, result.values, result.idem_key) == ("周五再看", {"3": "今天"}, "k1")
    for text in ("已接通", "同意", "命中正确", "周五再看", "已保存。", "Alice"):
        assert text in page


def test_sending_twice_writes_one_result(desk, alice, task):
    services.claim(task=task, by=alice, now=factories.NOW)
    typed = _typed(task)

    answers = [desk.post(f"/desk/t/{task.uid}/finish/", typed).status_code for _time in range(2)]

    assert answers == [302, 302]
    assert TaskResult.objects.filter(task=task).count() == 1


def test_a_missing_answer_is_named_and_what_was_typed_stays(desk, alice, task):
    services.claim(task=task, by=alice, now=factories.NOW)

    answer = _finish(desk, task, verdict="", step_3="")

    page = answer.content.decode()
    task.refresh_from_db()
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"verdict", "step_3"}
    assert "有 2 处需要更正" in page
    assert "周五再看" in page
    assert re.search(r'<input[^>]*value="agreed"[^>]*checked', page)
    assert (task.state, TaskResult.objects.count()) == ("working", 0)


def test_an_answer_that_does_not_exist_is_refused(desk, alice, task):
    services.claim(task=task, by=alice, now=factories.NOW)

    answer = _finish(desk, task, contact="telepathy")

    assert answer.status_code == 422
    assert "contact" in answer.context["form"].errors
    assert TaskResult.objects.count() == 0


def test_a_task_taken_over_keeps_what_was_typed_and_says_by_whom(desk, alice, task):
    services.claim(task=task, by=alice, now=factories.NOW)
    typed = _typed(task)
    charlie = factories.staff("Charlie", at=alice.branch)
    services.claim(task=task, by=charlie, now=factories.NOW + timedelta(minutes=16))

    answer = desk.post(f"/desk/t/{task.uid}/finish/", typed, **CHINESE)

    page = answer.content.decode()
    task.refresh_from_db()
    assert answer.status_code == 409
    assert "Charlie 已于 10:16 接手此任务" in page
    assert "周五再看" in page
    assert 'form="result">' not in page  # nothing to save with
    assert (task.state, task.worker, TaskResult.objects.count()) == ("working", charlie, 0)


def test_a_late_result_counts_when_nobody_took_the_task(desk, alice, task, time_machine):
    services.claim(task=task, by=alice, now=factories.NOW)
    typed = _typed(task)
    services.sweep_lapsed(now=factories.NOW + timedelta(minutes=20))
    time_machine.move_to(factories.NOW + timedelta(minutes=21), tick=False)

    answer = desk.post(f"/desk/t/{task.uid}/finish/", typed)
    page = desk.get(answer.url, **CHINESE).content.decode()

    assert TaskResult.objects.get(task=task).late is True
    assert "占用时限过后保存" in page


@pytest.mark.parametrize("verb", ["", "claim/", "release/", "finish/"])
def test_a_task_of_another_branch_is_not_found(desk, verb):
    foreign = factories.task(factories.client("Charlie"), assignee=factories.staff("Charlie"))
    path = f"/desk/t/{foreign.uid}/{verb}"

    answer = desk.post(path) if verb else desk.get(path)

    foreign.refresh_from_db()
    assert answer.status_code == 404
    assert foreign.state == "open"


def test_compliance_may_read_a_task_and_not_work_on_it(client, task):
    eve = factories.staff("Eve", roles=("compliance",))
    client.force_login(eve.user, backend="clients.org.backends.StaffBackend")

    read, claimed = client.get(f"/desk/t/{task.uid}/"), client.post(f"/desk/t/{task.uid}/claim/")

    task.refresh_from_db()
    assert (read.status_code, claimed.status_code, task.state) == (200, 404, "open")


def test_the_task_page_asks_as_often_as_it_did_when_it_was_built(desk, alice, task, django_assert_num_queries):
    services.claim(task=task, by=alice, now=factories.NOW)

    with django_assert_num_queries(TASK_QUERIES):
        desk.get(f"/desk/t/{task.uid}/", **CHINESE)
