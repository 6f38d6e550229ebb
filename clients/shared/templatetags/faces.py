"""The components of pages: what they need computed is computed here, how they look is in templates/components/."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clients.shared import drawing, icons
from clients.shared.display import Face, face_of

register = template.Library()
CHINESE, LATIN = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[A-Za-z]")


@register.simple_tag(takes_context=True)
def face(context: template.Context) -> Face:
    """How this page is to look: `{% face as look %}`."""
    return face_of(context.get("request"))


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of 24 by 24 beside a word; hidden from screen readers, which read the word."""
    return format_html(
        '<svg class="wt-icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(icons.drawing(name)),  # noqa: S308  our own allow-list of installed files
    )


@register.filter
def named(row: Any, field: str = "name") -> str:
    """A text of a row in the language of the page: `{{ task|named:"strategy_name" }}`, `{{ message|named:"why" }}`.

    The texts stand in `<field>_zh` (or `<field>` itself) and `<field>_en`; an empty one gives way to the other.
    """
    chinese = getattr(row, f"{field}_zh", "") or getattr(row, field, "")
    english = getattr(row, f"{field}_en", "")
    return english or chinese if (get_language() or "").startswith("en") else chinese or english


@register.filter
def lang(text: Any) -> SafeString:
    """The attribute of an element with Chinese text on an English page, so that it is read out as such.

    `<p{{ message.title|lang }}>{{ message.title }}</p>`; nothing where the text is in the language of the page.
    """
    english = (get_language() or "").startswith("en")
    # By what most of it is: "You hold 示例酒业" is an English text with a name in it.
    chinese = len(CHINESE.findall(str(text))) > len(LATIN.findall(str(text)))
    return mark_safe(' lang="zh-Hans"') if english and chinese else mark_safe("")


@register.filter
def initials(name: str) -> str:
    """王小明 → 王; Alice Brown → AB."""
    words = str(name).split()
    if not words:
        return "?"
    latin = all(word[0].isascii() for word in words)
    return "".join(word[0] for word in words[:2]).upper() if latin else words[0][0]


@register.filter
def tail(number: str) -> str:
    """The last four of a number, as lists show it: C0000123 → …0123."""
    return f"…{str(number)[-4:]}"


@register.filter
def short_day(day: date | None) -> str:
    """A day without its year, as prices carry it: 11-20."""
    return day.strftime("%m-%d") if day else "—"


@register.inclusion_tag("components/change.html")
def change(amount: Decimal | None, ratio: Decimal | None = None) -> dict[str, Any]:
    """A change with sign, arrow and colour; an unknown one is a dash. A ratio alone may be given as `ratio=`."""
    known = amount if amount is not None else ratio
    sign = 0 if known is None or known == 0 else 1 if known > 0 else -1
    return {"amount": amount, "ratio": ratio, "known": known is not None, "sign": sign}


@register.inclusion_tag("components/amount.html")
def amount(value: Decimal | None, *, short: bool = False, size: str = "") -> dict[str, Any]:
    """Money; `short` shows 123.46 万 with the full figure on hover and for screen readers."""
    return {"value": value, "short": short, "size": size}


@register.inclusion_tag("components/line.html")
def line(points: Sequence[tuple[date, Decimal]], label: str) -> dict[str, Any]:
    """A line of days and amounts, drawn as SVG, with its table behind it."""
    days = list(points)
    values = [value for _day, value in days]
    shown = {"first": days[0], "last": days[-1], "low": min(values), "high": max(values)} if days else {}
    return {"line": drawing.draw_line(values), "points": days[::-1], "label": label, **shown}


@register.inclusion_tag("components/shares.html")
def shares(parts: Sequence[tuple[str, Decimal]], label: str) -> dict[str, Any]:
    """What a whole is made of: one bar, every part named beside its share."""
    return {"shares": drawing.draw_shares(parts, _("Other")), "label": label}


@register.inclusion_tag("components/state.html")
def state(kind: str, word: str) -> dict[str, str]:
    """A state with icon and word: success, warning, danger, info, waiting, plain."""
    return {"kind": kind, "word": word}


@register.inclusion_tag("components/why.html")
def why(text: str, day: date | None = None) -> dict[str, Any]:
    """The line that answers "why do I see this", with the day of its data."""
    return {"text": text, "day": day}


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str = "", link: str = "", action: str = "") -> dict[str, str]:
    """What stands where nothing is: why it is empty, and what to do next."""
    return {"title": title, "text": text, "link": link, "action": action}


@register.inclusion_tag("components/page_header.html")
def page_header(title: str, note: str = "", back: str = "", back_label: str = "") -> dict[str, str]:
    """The title of a page with a line under it and a way back."""
    return {"title": title, "note": note, "back": back, "back_label": back_label}


@register.simple_block_tag(takes_context=True)
def card(
    context: template.Context, content: str, title: str = "", link: str = "", action: str = "", name: str = ""
) -> str:
    """A surface with a title and at most one link: `{% card title=_("Holdings") %}…{% endcard %}`."""
    values = {"content": content, "title": title, "link": link, "action": action, "name": name}
    return render_to_string("components/card.html", values)


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> str:
    """A message of the house inside a page: success, warning, danger or info, with icon and word."""
    return render_to_string("components/notice.html", {"content": content, "kind": kind, "title": title})
