"""The small world of the browser journeys: Alice at her desk, Bob at home, Charlie beside Alice."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from advisory.inbox.models import Message
from advisory.taskqueue.models import Task
from clients.org.models import Staff
from clients.register.models import Client
from kpm.news.models import Article
from tests import factories

DAYS = [date(2026, 11, day) for day in (16, 17, 18, 19, 20)]
LONG_WHY = "第一大持仓占比 89.71% 不低于 70%，持仓市值 1,250,000 元，近 20 个交易日跌幅 18.3% 超过 15%，从未设置过提醒"


@dataclass
class World:
    """Who and what the journeys meet."""

    alice: Staff
    charlie: Staff
    bob: Client
    nobody: Client
    message: Message
    task: Task
    other_task: Task


def build(now: datetime) -> World:
    """Make the world at `now`."""
    place = factories.branch(name="合肥示例营业部", address="合肥市示例区示范路 1 号", phone="0551-60000100")
    alice = factories.staff(
        "王建国", licence="S1234567890123", phone="0551-62345678", roles=("manager", "adviser"), at=place
    )
    charlie = factories.staff("李娜", at=alice.branch)
    bob = factories.client("张三丰", manager=alice, mobile="13800000001", client_no="C0000123")
    _holdings(bob)
    _articles(now)
    task, other = _tasks(alice, bob, now)
    return World(
        alice=alice,
        charlie=charlie,
        bob=bob,
        nobody=factories.client("欧阳明月"),
        message=_messages(bob, now),
        task=task,
        other_task=other,
    )


def _holdings(bob: Client) -> None:
    names = {"600519": "贵州茅台", "601318": "中国平安", "510300": "易方达沪深300交易型开放式指数证券投资基金联接"}
    for number, day in enumerate(DAYS):
        factories.cash(bob, 120_000 + number, day=day)
        for place, (code, name) in enumerate(names.items()):
            price = Decimal(40 + place * 7) + Decimal((number * 5) % 7) / 2
            cost = None if place == 2 else Decimal(42)
            factories.position(
                bob, factories.security(code, name=name), day=day, quantity=Decimal(1000), last_price=price,
                cost_price=cost,
            )  # fmt: skip


def _articles(now: datetime) -> None:
    """Two articles about what Bob holds, one with text and source, one with a title alone."""
    known = {"source": "示例财经", "licence": "own"}
    Article.objects.create(
        source_id="1", published_at=now - timedelta(hours=2), kind="news", symbols=["600519.SH", "601318.SH"],
        title="行业观察：两家公司的两种经营思路，以及它们在三个季度里的现金流、分红与回购", url="https://example.org/a/1",
        body="同处一个周期，一家重视成本，另一家重视渠道。\n记者走访了两家公司。", **known,
    )  # fmt: skip
    Article.objects.create(
        source_id="2", published_at=now - timedelta(hours=9), kind="announcement", symbols=["510300.SH"],
        title="基金收益分配公告", **known,
    )  # fmt: skip


def _messages(bob: Client, now: datetime) -> Message:
    factories.message(bob, title="已经读过的一条", created_at=now - timedelta(days=3), read_at=now)
    factories.message(
        bob,
        title="身份证件将于 30 天后过期，请尽快更新，逾期账户部分业务将受到限制",
        created_at=now - timedelta(days=1),
    )
    return factories.message(bob, title="第一大持仓占比偏高", why=LONG_WHY, created_at=now)


def _tasks(alice: Staff, bob: Client, now: datetime) -> tuple[Task, Task]:
    asked = {
        "text": "约定何时再看", "kind": "ask", "answer_type": "choice", "choices": ["今天", "三天内"],
        "avoid_text": "保证不会再跌",
    }  # fmt: skip
    version = factories.playbook(steps=("核实身份并说明来意", "说明单一证券占比 {top1_position_ratio}", asked))
    long = factories.client("Alexandra Konstantinopoulou-Wellington", manager=alice)
    soon, past = now + timedelta(hours=1), now - timedelta(hours=1)
    other = factories.task(long, assignee=alice, rank=9, due_at=past, why=LONG_WHY, playbook_version=version)
    factories.task(
        factories.client(manager=alice), assignee=alice, kind=Task.Kind.REMINDER, why="今天生日；持有 3 只基金"
    )
    return factories.task(bob, assignee=alice, rank=5, due_at=soon, playbook_version=version), other
