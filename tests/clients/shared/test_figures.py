"""Figures as people read them, in Chinese and in English."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from clients.shared.templatetags import figures


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (Decimal("9999.99"), "9,999.99", "9,999.99"),
        (Decimal("10000"), "1.00 万", "10.00 k"),
        (Decimal("1234567"), "123.46 万", "1.23 m"),
        (Decimal("-1234567"), "-123.46 万", "-1.23 m"),
        (Decimal("123000000"), "1.23 亿", "123.00 m"),
        (Decimal("99999999.99"), "1.00 亿", "100.00 m"),
        (Decimal("999999.99"), "100.00 万", "1.00 m"),
        (None, "—", "—"),
        ("", "—", "—"),
    ],
)
def test_large_amounts_are_short(value: Any, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert figures.short_money(value) == chinese
    with translation.override("en"):
        assert figures.short_money(value) == english


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("1234567.891"), "1,234,567.89"),
        (Decimal("0.005"), "0.01"),
        (Decimal("-12.5"), "-12.50"),
        (0, "0.00"),
        (None, "—"),
        ("NaN", "—"),
        ("Infinity", "—"),
        ("two", "—"),
    ],
)
def test_money_has_two_places_and_thousands_marks(value: Any, shown: str) -> None:
    assert figures.money(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(Decimal("1234.5"), "+1,234.50"), (Decimal("-3"), "-3.00"), (0, "0.00"), (None, "—")]
)
def test_a_change_carries_its_sign(value: Any, shown: str) -> None:
    assert figures.signed_money(value) == shown


@pytest.mark.parametrize(
    ("value", "shown", "signed"),
    [
        (Decimal("0.0123"), "1.23%", "+1.23%"),
        (Decimal("-0.5"), "-50.00%", "-50.00%"),
        (Decimal("12.34567"), "1,234.57%", "+1,234.57%"),
        (0, "0.00%", "0.00%"),
        (None, "—", "—"),
    ],
)
def test_a_ratio_reads_as_percent(value: Any, shown: str, signed: str) -> None:
    assert (figures.percent(value), figures.signed_percent(value)) == (shown, signed)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Decimal("12000.0000"), "12,000"), (Decimal("0.5000"), "0.5"), (Decimal("100"), "100"), (None, "—")],
)
def test_a_quantity_loses_only_its_empty_places(value: Any, shown: str) -> None:
    assert figures.quantity(value) == shown
