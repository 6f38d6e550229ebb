"""The news page: what it shows of articles and messages, in which order, and to whom."""

from datetime import timedelta
from typing import Any

import pytest
from model_bakery import baker

from clients.market.models import SecurityEvent
from clients.register.models import Client
from kpm.news.models import Article
from kpm.strategies.models import Hit
from portal.home import feed
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
NEWS_QUERIES = 12
CHINESE = {"HTTP_ACCEPT_LANGUAGE": "zh-hans"}


@pytest.fixture
def bob() -> Client:
    """Bob, who holds Moutai and Ping An."""
    bob = factories.client("Bob", manager=factories.staff("Alice"))
    factories.position(bob)
    factories.position(bob, factories.security("000001", "SZ", "平安银行"), market_value=5)
    return bob


@pytest.fixture
def page(client: Any, bob: Client, time_machine: Any) -> Any:
    """Ask for the news as Bob in Chinese, at the factories' present."""
    time_machine.move_to(NOW, tick=False)
    client.force_login(bob.user, backend="clients.register.backends.ClientBackend")
    return lambda path="/news/": client.get(path, **CHINESE)


def article(title: str, *symbols: str, hours_ago: int = 1, **fields: Any) -> Article:
    """One article about these securities."""
    known = {"kind": "announcement", "licence": "own", "source": "示例财经", "source_id": title, **fields}
    at = NOW - timedelta(hours=hours_ago)
    return Article.objects.create(title=title, symbols=list(symbols), published_at=at, **known)


def told(to: Client, title: str, *, business: str = "news", hours_ago: int = 1) -> Any:
    """A message that a strategy of this business line made."""
    hit = baker.make(Hit, client=to, branch=to.branch, version__strategy__business=business)
    return factories.message(to, title=title, hit=hit, created_at=NOW - timedelta(hours=hours_ago))


def titles(answer: Any) -> list[str]:
    """What the page lists."""
    return [(item.message or item.article).title for item in answer.context["items"]]


def test_what_names_a_holding_and_messages_about_news_stand_newest_first(page: Any, bob: Client) -> None:
    article("茅台：分红公告", "600519.SH", hours_ago=3)
    article("银行板块走强", "000001.SZ", "600036.SH", hours_ago=1)
    told(bob, "您的持仓晨报", hours_ago=2)

    assert titles(page()) == ["银行板块走强", "您的持仓晨报", "茅台：分红公告"]


def test_what_is_about_others_or_something_else_is_not_there(page: Any, bob: Client) -> None:
    charlie = factories.client("Charlie")
    factories.position(charlie, factories.security("300750", "SZ", "宁德时代"))
    article("宁德时代扩产", "300750.SZ")
    article("上证指数", "000001.SH")
    article("谁也没有提到")
    told(charlie, "别人的晨报")
    told(bob, "集中度提示", business="trading")
    factories.message(bob, title="没有命中的消息")

    assert titles(page()) == []


def test_an_article_says_source_kind_time_and_what_is_held_of_it(page: Any) -> None:
    article("两家公司合作", "000001.SZ", "600519.SH", "600036.SH", body="正文一段", url="https://news.example.org/1")

    answer = page()
    text = answer.content.decode()

    assert answer.context["items"][0].held == ("贵州茅台", "平安银行")
    for shown in (
        "示例财经 · 公告",
        "11-22 09:00",
        "您持有 贵州茅台、平安银行",
        "正文一段",
        'href="https://news.example.org/1"',
    ):
        assert shown in text
    assert 'rel="external noopener noreferrer"' in text


def test_an_article_that_names_a_holding_in_its_text_alone_says_so_too(page: Any) -> None:
    found = article("茅台：分红公告")
    SecurityEvent.objects.create(
        security=factories.security(), event_no="news:1", kind="dividend", announced_on=NOW.date(), article_id=found.pk
    )

    assert [item.held for item in page().context["items"]] == [("贵州茅台",)]


def test_what_was_sold_is_no_longer_followed(page: Any, bob: Client) -> None:
    article("茅台：分红公告", "600519.SH")
    factories.position(bob, factories.security("300750", "SZ", "宁德时代"), day=NOW.date())

    assert titles(page()) == []


def test_text_of_a_source_cannot_become_markup(page: Any) -> None:
    article("<b>x</b>", "600519.SH", body="<script>alert(1)</script>", source="<i>y</i>")

    text = page().content.decode()

    assert not any(markup in text for markup in ("<b>x", "<script>alert", "<i>y"))


def test_pages_hold_twenty_and_no_line_is_lost_or_doubled(page: Any, bob: Client) -> None:
    for number in range(25):
        article(f"公告 {number:02}", "600519.SH", hours_ago=2 * number)
        told(bob, f"晨报 {number:02}", hours_ago=2 * number + 1)

    pages = [titles(page(f"/news/?page={number}")) for number in (1, 2, 3)]

    assert [len(rows) for rows in pages] == [20, 20, 10]
    assert [title for rows in pages for title in rows] == [
        f"{kind} {number:02}" for number in range(25) for kind in ("公告", "晨报")
    ]


def test_an_empty_page_says_why(page: Any, client: Any) -> None:
    holding = page().content.decode()
    client.force_login(factories.client("Nobody").user, backend="clients.register.backends.ClientBackend")
    without = client.get("/news/", **CHINESE).content.decode()

    assert "有资讯提及您持有的证券时，会显示在这里" in holding
    assert "最近一个清算日您未持有证券" in without


@pytest.mark.parametrize("many", [1, 15])
def test_the_page_asks_equally_often_however_long_it_is(
    page: Any, bob: Client, django_assert_num_queries: Any, many: int
) -> None:
    for number in range(many):
        article(f"公告 {number}", "600519.SH")
        told(bob, f"晨报 {number}")
    page()  # the first page after a login also gives the browser its token

    with django_assert_num_queries(NEWS_QUERIES):
        page()


def test_before_the_first_settlement_nothing_is_held() -> None:
    assert feed.held(factories.client()) == {}
