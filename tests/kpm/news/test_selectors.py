"""Which articles name a security."""

from datetime import timedelta

import pytest

from clients.market.models import SecurityEvent
from kpm.news import selectors
from kpm.news.models import Article
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def article(number: int, symbols: list[str], *, minutes_ago: int = 1) -> Article:
    """One article of a wire."""
    return Article.objects.create(
        source="wire", source_id=str(number), published_at=NOW - timedelta(minutes=minutes_ago), kind="news",
        title=f"Article {number}", symbols=symbols, licence="own",
    )  # fmt: skip


def test_an_article_is_found_by_any_security_it_names_by_exchange_and_code() -> None:
    first, second = article(1, ["600519.SH", "000001.SZ"]), article(2, ["000001.SZ"])
    article(3, ["000001.SH"])
    article(4, [])

    assert set(selectors.naming(["000001.SZ"], NOW)) == {first, second}
    assert set(selectors.naming(["600519.SH", "300750.SZ"], NOW)) == {first}
    assert list(selectors.naming([], NOW)) == []


def test_what_is_dated_in_the_future_is_not_out_yet() -> None:
    article(1, ["600519.SH"], minutes_ago=-1)
    now = article(2, ["600519.SH"], minutes_ago=0)

    assert list(selectors.naming(["600519.SH"], NOW)) == [now]


def told(about: Article, code: str, exchange: str, number: str, *, takes_back: str = "") -> None:
    """What the house found in an article about a security."""
    SecurityEvent.objects.create(
        security=factories.security(code, exchange), event_no=number, kind="news", announced_on=NOW.date(),
        article_id=about.pk, reversal_of=takes_back,
    )  # fmt: skip


def test_an_article_is_found_by_what_its_text_names_too() -> None:
    found, other = article(1, []), article(2, [])
    told(found, "600519", "SH", "news:1")
    told(other, "600519", "SZ", "news:2")

    assert list(selectors.naming(["600519.SH"], NOW)) == [found]
    assert selectors.symbols_of([found, other]) == {found.pk: {"600519.SH"}, other.pk: {"600519.SZ"}}


def test_a_link_that_was_taken_back_names_nothing() -> None:
    wrong = article(1, ["000001.SZ"])
    told(wrong, "600519", "SH", "news:1")
    told(wrong, "600519", "SH", "news:1:back", takes_back="news:1")

    assert list(selectors.naming(["600519.SH"], NOW)) == []
    assert selectors.symbols_of([wrong]) == {wrong.pk: {"000001.SZ"}}


def test_an_article_that_its_source_takes_back_is_gone() -> None:
    wrong = article(1, ["600519.SH"])
    correction = article(2, ["600519.SH"])
    Article.objects.filter(pk=correction.pk).update(reversal_of=wrong.source_id)

    assert list(selectors.naming(["600519.SH"], NOW)) == [correction]
