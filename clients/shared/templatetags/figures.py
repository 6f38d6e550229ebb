"""Figures as people read them: thousands marks, 万 and 亿, signs; amounts in CNY."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django import template
from django.utils.translation import get_language

register = template.Library()
WAN = Decimal(10_000)
UNITS = {
    "zh": ((WAN, "万"), (Decimal(100_000_000), "亿")),
    "en": ((Decimal(1000), "k"), (Decimal(1_000_000), "m")),
}


@register.filter
def money(value: Any) -> str:
    """1234567.891 → 1,234,567.89; unknown → —."""
    amount = _decimal(value)
    return "—" if amount is None else f"{_places(amount, 2):,}"


@register.filter
def short_money(value: Any) -> str:
    """1234567 → 123.46 万 (1.23 m in English); below ten thousand as `money`."""
    amount = _decimal(value)
    if amount is None or abs(amount) < WAN:
        return money(value)
    english = (get_language() or "").startswith("en")
    (small, word), (large, large_word) = UNITS["en" if english else "zh"]
    # By what is shown, not by the amount: 99,999,999.99 is 1.00 亿 and never 10,000.00 万.
    fits = abs(_places(amount / small, 2)) < large / small
    return _scaled(amount, small, word) if fits else _scaled(amount, large, large_word)


@register.filter
def signed_money(value: Any) -> str:
    """1234.5 → +1,234.50; zero has no sign."""
    amount = _decimal(value)
    return "—" if amount is None else ("+" if amount > 0 else "") + money(amount)


@register.filter
def percent(value: Any, places: int = 2) -> str:
    """A ratio as percent: 0.0123 → 1.23%."""
    amount = _decimal(value)
    return "—" if amount is None else f"{_places(amount * 100, places):,}%"


@register.filter
def signed_percent(value: Any, places: int = 2) -> str:
    """A ratio as signed percent: 0.0123 → +1.23%."""
    amount = _decimal(value)
    return "—" if amount is None else ("+" if amount > 0 else "") + percent(amount, places)


@register.filter
def price(value: Any) -> str:
    """A price with two to four places, as quoted: 1450 → 1,450.00; 3.2150 → 3.215."""
    amount = _decimal(value)
    if amount is None:
        return "—"
    places = -int(amount.normalize().as_tuple().exponent)
    return f"{_places(amount, min(max(places, 2), 4)):,}"


@register.filter
def quantity(value: Any) -> str:
    """12000.0000 → 12,000; a fraction keeps its digits."""
    amount = _decimal(value)
    return "—" if amount is None else f"{amount.normalize():,f}"


def _scaled(amount: Decimal, unit: Decimal, name: str) -> str:
    return f"{_places(amount / unit, 2):,} {name}"


def _places(amount: Decimal, places: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _decimal(value: Any) -> Decimal | None:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None
