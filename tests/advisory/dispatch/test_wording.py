"""Texts of a delivery: places filled by unit, and the evidence in one line."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisory.dispatch.wording import LONGEST, fill, value_text, why_line
from kpm.engine.catalogue import Catalogue, Feature
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.members import named_in
from kpm.strategies.models import StrategyVersion
from kpm.strategies.services.library import read_library


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
        ("已注册{days_since_registration}天", {"days_since_registration": 5}, "已注册5天"),
        ("市值{position_market_value}元", {"position_market_value": "12.5"}, "市值12.5元"),
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


SAMPLES = {"int": 5, "decimal": "0.25", "bool": True, "date": "2026-11-20"}
TWICE = re.compile(r"(天|元|个月|个交易日|个工作日|级|股|倍|周|岁|分|%)\s*\1")


def test_no_text_of_the_library_says_a_unit_twice(known: Catalogue) -> None:
    texts = [
        text for entry in read_library() if entry.get("message")
        for text in (entry["message"]["title"], entry["message"]["body"])
    ]  # fmt: skip
    evidence = {
        name: SAMPLES.get(known[name].dtype, "甲") for text in texts for name in named_in(text) if name in known
    }

    filled = [fill(text, evidence, known) for text in texts]

    assert len(filled) > 200
    assert [text for text in filled if TWICE.search(text)] == []


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
    assert "89.71%, at least 70%" in english
    assert len(chinese) <= LONGEST["zh"]
    assert len(english) <= LONGEST["en"]
    assert catalogue()["top1_position_ratio"].title in chinese


def test_what_did_not_hold_is_no_reason() -> None:
    version = StrategyVersion(condition="top1_position_ratio >= 0.7 OR position_market_value >= 200000")

    line = why_line(version, {"top1_position_ratio": "0.8", "position_market_value": "100"}, "zh")

    assert "80%" in line
    assert catalogue()["position_market_value"].title not in line
