"""Articles become events of the securities they name, once, and are taken back when their source does so."""

from datetime import date, datetime, timedelta
from io import StringIO
from threading import Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from clients.market.models import Security, SecurityEvent, SecurityName
from clients.shared.queue import enqueue
from kpm.news import jobs, rules, selectors
from kpm.news.models import Article
from kpm.news.services import Linked, link_news
from tests import factories as make
from tests.clients.intake.taking import Take
from tests.factories import NOW
from tests.kpm.news.test_kinds import ARTICLE

pytestmark = pytest.mark.django_db
MADE = datetime.fromisoformat("2026-11-20T18:05:00+08:00")


@pytest.fixture
def listed() -> tuple[Security, Security]:
    """贵州茅台 and 平安银行."""
    return make.security(), make.security("000001", "SZ", "平安银行")


def article(number: str, title: str, body: str = "", **fields: Any) -> Article:
    """An announcement of a wire."""
    known = {"source": "wire", "kind": "announcement", "published_at": MADE, "licence": "own", **fields}
    return Article.objects.create(source_id=number, title=title, body=body, **known)


def told() -> list[tuple[str, str, str, str]]:
    """Every event: security, kind, role, what it takes back."""
    rows = SecurityEvent.objects.order_by("pk")
    return list(rows.values_list("security__code", "kind", "role", "reversal_of"))


def test_what_an_article_tells_becomes_events_of_its_securities(listed: tuple[Security, Security]) -> None:
    told_by = article("1", "贵州茅台：收到立案告知书并停牌", "平安银行为其主办行。", rating="hold")

    linked = link_news(now=NOW)

    assert linked == Linked(articles=1, new=3, taken_back=0)
    assert told() == [
        ("600519", "probe", "subject", ""), ("600519", "suspend", "subject", ""), ("000001", "news", "mentioned", ""),
    ]  # fmt: skip
    event = SecurityEvent.objects.get(kind="probe")
    assert (event.article_id, event.article_kind, event.source, event.rating) == (
        told_by.pk, "announcement", "wire", "hold",
    )  # fmt: skip
    assert (event.published_at, event.announced_on) == (MADE, date(2026, 11, 20))
    told_by.refresh_from_db()
    assert told_by.linked_at == NOW


def test_linking_again_changes_nothing(listed: tuple[Security, Security]) -> None:
    article("1", "贵州茅台公告")
    link_news(now=NOW)
    before = list(SecurityEvent.objects.values())

    assert link_news(now=NOW) == Linked()
    assert link_news(now=NOW, again_from=MADE - timedelta(days=1)) == Linked(articles=1)
    assert list(SecurityEvent.objects.values()) == before


def test_an_article_about_nobody_is_looked_at_once(listed: tuple[Security, Security]) -> None:
    article("1", "监管部门提示防范非法荐股")

    assert (link_news(now=NOW), link_news(now=NOW)) == (Linked(articles=1), Linked())
    assert told() == []


@pytest.mark.parametrize("order", ["original first", "both at once", "reversal first"])
def test_an_article_that_its_source_takes_back_tells_nothing(listed: tuple[Security, Security], order: str) -> None:
    reversal = {"number": "2", "title": "撤回：贵州茅台被立案调查", "reversal_of": "1"}
    if order == "reversal first":
        article(**reversal)
        link_news(now=NOW)
    original = article("1", "贵州茅台被立案调查")
    if order == "original first":
        link_news(now=NOW)
    if order != "reversal first":
        article(**reversal)

    link_news(now=NOW)

    rows = SecurityEvent.objects.filter(article_id=original.pk).order_by("pk")
    assert [(row.kind, row.announced_on) for row in rows] == [("probe", date(2026, 11, 20))] * (
        2 if order == "original first" else 0
    )
    assert [row.reversal_of for row in rows][1:] == [row.event_no for row in rows][:-1]
    assert SecurityEvent.objects.exclude(article_id=original.pk).values_list("kind", "role").get() == (
        "news", "subject",
    )  # fmt: skip
    assert [row.source_id for row in selectors.naming(["600519.SH"], NOW)] == ["2"]


def test_a_reversal_concerns_only_its_own_source(listed: tuple[Security, Security]) -> None:
    article("1", "贵州茅台公告")
    link_news(now=NOW)
    article("9", "更正", reversal_of="1", source="other")

    assert link_news(now=NOW) == Linked(articles=1)
    assert told() == [("600519", "news", "subject", "")]


def test_a_new_name_is_found_when_articles_are_looked_at_again(listed: tuple[Security, Security]) -> None:
    moutai, _bank = listed
    article("1", "国酒茅台公告")
    article("2", "贵州茅台公告")
    link_news(now=NOW)
    SecurityName.objects.create(
        security=moutai, name="贵州茅台", valid_from=date(2001, 8, 27), valid_to=MADE.date() - timedelta(1)
    )
    SecurityName.objects.create(security=moutai, name="国酒茅台", valid_from=MADE.date())

    linked = link_news(now=NOW, again_from=MADE)

    first, second = SecurityEvent.objects.filter(reversal_of="").order_by("pk")
    assert linked == Linked(articles=2, new=1, taken_back=1)
    assert SecurityEvent.objects.exclude(reversal_of="").get().reversal_of == first.event_no
    assert Article.objects.get(pk=second.article_id).title == "国酒茅台公告"


def test_a_killed_run_goes_on_where_it_stopped(
    listed: tuple[Security, Security], monkeypatch: pytest.MonkeyPatch
) -> None:
    small = rules.Rules(**{**vars(rules.rules()), "at_once": 2})
    monkeypatch.setattr("kpm.news.services.rules", lambda: small)
    for number in range(5):
        article(str(number), "贵州茅台公告", published_at=MADE + timedelta(minutes=number))

    linked = link_news(now=NOW)

    assert linked == Linked(articles=5, new=5)
    assert Article.objects.filter(linked_at=None).count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_that_link_at_once_link_each_article_once(listed: tuple[Security, Security]) -> None:
    for number in range(20):
        article(str(number), "贵州茅台公告", "平安银行")

    def link() -> None:
        link_news(now=NOW)
        connection.close()

    threads = [Thread(target=link) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    link_news(now=NOW)

    assert SecurityEvent.objects.count() == 40
    assert Article.objects.filter(linked_at=None).count() == 0


def test_imported_news_are_linked_by_the_job(world: Take) -> None:
    Security.objects.filter(code="600519").update(name="贵州茅台")
    world("news", [ARTICLE, ARTICLE | {"source_id": "2", "title": "贵州茅台公告", "symbols": ""}])

    done = jobs.match(enqueue("news.match", now=NOW).pk)

    assert done
    assert told() == [("600519", "news", "subject", "")] * 2
    assert sorted(row.source_id for row in selectors.naming(["600519.SH"], NOW)) == ["2", "20261120-0042"]


def test_the_command_tells_what_it_did(listed: tuple[Security, Security]) -> None:
    article("1", "贵州茅台公告")
    first, second = StringIO(), StringIO()

    call_command("news", "match", stdout=first)
    call_command("news", "match", "--again-from", "2026-11-20", stdout=second)

    assert first.getvalue() == "1 articles, 1 links, 0 taken back\n"
    assert second.getvalue() == "1 articles, 0 links, 0 taken back\n"
