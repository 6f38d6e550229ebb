"""The components of pages as markup."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from clients.shared.display import Face, face_of
from clients.shared.templatetags import faces


def _drawn(source: str, **values: object) -> str:
    with translation.override("en"):
        return Template("{% load faces %}" + source).render(Context(values)).strip()


@pytest.mark.parametrize(
    ("amount", "ratio", "sign", "word", "shown"),
    [
        (Decimal("1234.5"), Decimal("0.0123"), "wt-rise", "up", ["+1,234.50", "+1.23%"]),
        (Decimal("-9.876"), None, "wt-fall", "down", ["-9.88"]),
        (Decimal(0), None, "", "unchanged", ["0.00"]),
        (None, Decimal("-0.05"), "wt-fall", "down", ["-5.00%"]),
    ],
)
def test_a_change_has_sign_arrow_word_and_colour(amount, ratio, sign, word, shown):
    text = _drawn("{% change amount ratio=ratio %}", amount=amount, ratio=ratio)

    assert f'class="wt-change{" " + sign if sign else ""}"' in text
    assert f'<span class="visually-hidden">{word}</span>' in text
    assert "<svg" in text
    assert all(figure in text for figure in shown)


def test_an_unknown_change_is_a_dash_without_colour():
    assert _drawn("{% change None %}") == '<span class="wt-change">—</span>'


def test_a_short_amount_keeps_the_full_figure_for_hover_and_screen_readers():
    text = _drawn("{% amount value short=True %}", value=Decimal("123456789.01"))

    assert 'title="123,456,789.01"' in text
    assert '<span class="visually-hidden">123,456,789.01</span>' in text
    assert '<span aria-hidden="true">123.46 m</span>' in text


def test_a_state_is_icon_and_word():
    text = _drawn('{% state "danger" "overdue" %}')

    assert "<svg" in text
    assert "overdue" in text


def test_a_why_line_names_the_day_of_its_data_and_is_nothing_without_text():
    assert "data of 11-20" in _drawn("{% why text day %}", text="You hold 12,000 shares", day=date(2026, 11, 20))
    assert _drawn("{% why text %}", text="") == ""


def test_a_card_wraps_its_content_and_escapes_its_title():
    text = _drawn('{% card title=title name="x" %}<p>{{ inside }}</p>{% endcard %}', title="<b>", inside="<i>")

    assert "&lt;b&gt;" in text
    assert "<p>&lt;i&gt;</p>" in text
    assert 'aria-labelledby="x-title"' in text


@pytest.mark.parametrize(
    ("language", "row", "shown"),
    [
        ("en", {"why": "因为", "why_en": "because"}, "because"),
        ("zh-hans", {"why": "因为", "why_en": "because"}, "因为"),
        ("en", {"why": "因为", "why_en": ""}, "因为"),
        ("zh-hans", {"why_zh": "", "why_en": "because"}, "because"),
    ],
)
def test_a_text_of_a_row_follows_the_language_of_the_page(language, row, shown):
    with translation.override(language):
        assert faces.named(SimpleNamespace(**row), "why") == shown


@pytest.mark.parametrize(
    ("name", "shown"), [("王小明", "王"), ("Alice Brown", "AB"), ("alice", "A"), ("欧阳 明月", "欧"), ("", "?")]
)
def test_initials(name, shown):
    assert faces.initials(name) == shown


def test_a_number_shows_its_tail_only():
    assert faces.tail("C0000123") == "…0123"


def test_the_face_of_a_page_comes_from_cookies_and_nonsense_is_the_default():
    request = RequestFactory().get("/")
    request.COOKIES = {"theme": "dark", "market": "pink", "elder": "on"}

    assert face_of(request) == Face(theme="dark", market="cn", elder="on")
    assert face_of(None) == Face()


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("持仓集中度提示", ' lang="zh-Hans"'),
        ("R5 产品购买回访", ' lang="zh-Hans"'),
        ("You hold 示例酒业", ""),
        ("All messages", ""),
        ("", ""),
    ],
)
def test_chinese_text_on_an_english_page_is_marked_as_chinese(text, english):
    assert _drawn("<p{{ text|lang }}>", text=text) == f"<p{english}>"
    with translation.override("zh-hans"):
        assert Template("{% load faces %}<p{{ text|lang }}>").render(Context({"text": text})) == "<p>"
