"""Which articles name a security."""

from datetime import timedelta

import pytest

from kpm.news import selectors
from kpm.news.models import Article
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
