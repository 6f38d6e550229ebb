"""Texts of a delivery: places filled by unit, and the evidence in one line."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisory.dispatch.wording import LONGEST, fill, value_text, why_line
from kpm.engine.catalogue import Catalogue, Feature
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.models import StrategyVersion


@pytest.fixture(scope="module")
def known() -> Catalogue:
    return catalogue()


@pytest.mark.parametrize(
    ("text", "evidence", "filled"),
    [
        ("占比{top1_position_ratio}", {"top1_position_ratio": "0.821"}, "占比82.1%"),
        ("占比{top1_position_ratio}", {"top1_position_ratio": "0.89712345"}, "占比89.71%"),
        ("{top1_security_name}今日{top1_pct_chg_1d}", {"top1_security_name": "贵州茅台", "top1_pct_chg_1d": "-7.2"},
         "贵州茅台今日-7.2%"),
        ("市值{position_market_value}", {"position_market_value": "1234567.891"}, "市值1,234,567.89 元"),
        ("占比{top1_position_ratio}", {}, "占比—"),
        ("占比{top1_position_ratio}", {"top1_position_ratio": None}, "占比—"),
        ("{nothing_of_ours}", {"nothing_of_ours": "x"}, "—"),
        ("没有位置 { } {{", {}, "没有位置 { } {{"),
    ],
)  # fmt: skip
def test_places_are_filled_as_people_read_numbers(
    known: Catalogue, text: str, evidence: dict[str, Any], filled: str
) -> None:
    assert fill(text, evidence, known) == filled


@given(st.text(max_size=60))
def test_a_value_is_never_read_as_a_place(text: str) -> None:
    known = catalogue()

    filled = fill("{top1_security_name}", {"top1_security_name": text}, known)

    assert filled == value_text(known["top1_security_name"], text)


@pytest.mark.parametrize("name", ["top1_position_ratio", "trade_days_30d", "top1_security_name"])
def test_an_unknown_value_is_a_dash(known: Catalogue, name: str) -> None:
    feature: Feature = known[name]

    assert value_text(feature, None) == "—"


def test_the_line_names_the_comparisons_that_held_in_both_languages() -> None:
    version = StrategyVersion(condition="top1_position_ratio >= 0.7 AND position_market_value >= 200000")
    evidence = {"top1_position_ratio": "0.8971", "position_market_value": "1250000"}

    chinese, english = why_line(version, evidence, "zh"), why_line(version, evidence, "en")

    assert "89.71%" in chinese
    assert "不低于 70%" in chinese
    assert "is at least 70%" in english
    assert len(chinese) <= LONGEST["zh"]
    assert len(english) <= LONGEST["en"]
    assert catalogue()["top1_position_ratio"].title in chinese


def test_what_did_not_hold_is_no_reason() -> None:
    version = StrategyVersion(condition="top1_position_ratio >= 0.7 OR position_market_value >= 200000")

    line = why_line(version, {"top1_position_ratio": "0.8", "position_market_value": "100"}, "zh")

    assert "80%" in line
    assert catalogue()["position_market_value"].title not in line
