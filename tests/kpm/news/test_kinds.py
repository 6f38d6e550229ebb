"""Articles: safe text, symbols as the house writes them, facts."""

import json

import pytest

from clients.market.symbols import read_symbol
from kpm.news.models import Article
from kpm.news.safetext import plain_text
from tests.clients.intake.taking import Take

ARTICLE = {
    "source": "demo_wire",
    "source_id": "20261120-0042",
    "published_at": "2026-11-20T18:05:00",
    "kind": "announcement",
    "title": "关于召开业绩说明会的公告",
    "url": "https://example.org/a/42",
    "lang": "zh",
    "symbols": "600519.SH",
    "licence": "demo",
}


def test_an_article_is_kept_and_again_unchanged(world: Take) -> None:
    first, second = world("news", json.dumps(ARTICLE)), world("news", json.dumps(ARTICLE))

    article = Article.objects.get()
    assert (first.counts, second.counts) == ((1, 0, 0), (0, 1, 0))
    assert (article.title, article.symbols, article.body) == ("关于召开业绩说明会的公告", ["600519.SH"], "")


def test_html_is_reduced_to_text_and_lines_stay(world: Take) -> None:
    body = '<p>营收<b>增长</b> &lt;5&nbsp;%</p><script>alert(1)</script>\n<p onclick="x()">第二段</p>'

    world("news", [ARTICLE | {"title": "<i>公告</i>", "body": body}])

    article = Article.objects.get()
    assert (article.title, article.body) == ("公告", "营收增长 <5 %\n第二段")


def test_symbols_are_written_as_the_house_does_and_unknown_ones_said(world: Take) -> None:
    taken = world("news", [ARTICLE | {"symbols": "sh600519;600519.XSHG;000001.SZ;699999.SH;茅台"}])

    assert Article.objects.get().symbols == ["600519.SH", "000001.SZ", "699999.SH"]
    assert taken.outcome.notes == {"'茅台' is no symbol": 1, "no security 699999.SH is known": 1}


def test_an_article_never_changes(world: Take) -> None:
    world("news", [ARTICLE])

    taken = world("news", [ARTICLE | {"title": "更正"}])

    assert taken.codes == [(2, "E_CONFLICT", "")]
    assert Article.objects.get().title == ARTICLE["title"]


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"published_at": "2026-11-20T20:05:01"}, "E_FUTURE", "published_at"),
        ({"licence": "all-rights-reserved"}, "E_ENUM", "licence"),
        ({"url": "javascript:alert(1)"}, "E_TYPE", "url"),
        ({"title": "<p></p>"}, "E_REQUIRED", "title"),
        ({"title": "题" * 501}, "E_RANGE", "title"),
        ({"rating": "strong"}, "E_ENUM", "rating"),
        ({"reversal_of": ARTICLE["source_id"]}, "E_RANGE", "reversal_of"),
    ],
)
def test_each_wrong_article_is_rejected_for_its_own_reason(
    world: Take, change: dict[str, str], code: str, column: str
) -> None:
    assert world("news", [ARTICLE | change]).codes == [(2, code, column)]
    assert not Article.objects.exists()


def test_five_minutes_of_a_clock_that_goes_ahead_are_tolerated(world: Take) -> None:
    assert world("news", [ARTICLE | {"published_at": "2026-11-20T20:05:00"}]).counts == (1, 0, 0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("600519.SH", ("SH", "600519")), ("sh600519", ("SH", "600519")), ("600519.XSHG", ("SH", "600519")),
        ("00700.HK", ("HK", "00700")), ("茅台", None), ("600519", None), ("600519.US", None),
    ],
)  # fmt: skip
def test_symbols_as_people_write_them(text: str, found: tuple[str, str] | None) -> None:
    assert read_symbol(text) == found


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a < b", "a < b"), ("<br>a<br/>b", "a\nb"), ("&lt;script&gt;", "<script>"), ("<style>p{}</style>x", "x"),
        ("<script>a</script", ""), ("a</script>b", "ab"), ("  a \n\n b ", "a\nb"),
    ],
)  # fmt: skip
def test_no_tag_and_no_script_is_left(html: str, text: str) -> None:
    assert plain_text(html) == text
