"""Units beside names: each is said once, in both languages, for every feature of the catalogue."""

import re
from decimal import Decimal
from itertools import pairwise

import pytest

from kpm.engine.catalogue import Feature
from kpm.engine.check import compile_condition
from kpm.engine.codes import NAMES
from kpm.engine.explain import explain
from kpm.engine.units import UNITS, Language, says_unit, with_unit
from kpm.engine.words import say, say_beside, say_named
from kpm.strategies.catalogue_of import catalogue

FEATURES = sorted(catalogue().features.values(), key=lambda feature: feature.name)
NUMBERS = [feature for feature in FEATURES if feature.is_number]
# What stands between two words and is none itself.
BETWEEN = re.compile(r"[^a-z]+|last \d+ \w+|preceding \d+ \w+")
CHINESE_UNITS = ("交易日", "工作日", "个月", "天", "周", "岁", "股", "倍", "级", "分")


@pytest.mark.parametrize(
    ("name", "chinese", "english"),
    [
        ("client_risk_level", "风险承受能力等级：4", "Client risk level: 4"),
        ("trading_experience_months", "证券交易经验月数：4", "Trading experience months: 4"),
        ("account_age_days", "开户天数：4", "Account age days: 4"),
        ("age", "年龄：4 岁", "Age: 4 years"),
        ("trade_days_30d", "近30日成交天数：4 个交易日", "Days with trades, last 30 days: 4 trading days"),
        ("short_ex_date_days", "融券标的距除权日：4 个交易日", "Trading days to ex-date of shorted security: 4"),
        ("month_of_year", "月份：4", "Month of year: 4"),
        ("ipo_quota", "新股申购额度：4 股", "IPO quota: 4 shares"),
        ("cash_available", "可用资金：4 元", "Cash available: CNY 4"),
    ],
)
def test_a_unit_stands_where_the_name_has_not_said_it(name: str, chinese: str, english: str) -> None:
    feature = catalogue()[name]

    assert say_named(feature, 4) == chinese
    assert say_named(feature, 4, "en") == english


def test_one_of_a_unit_is_not_many() -> None:
    assert [with_unit(number, "td", "en") for number in ("1", "2", "0", "1.5")] == [
        "1 trading day", "2 trading days", "0 trading days", "1.5 trading days",
    ]  # fmt: skip
    assert with_unit("1", "td", "zh") == "1 个交易日"


@pytest.mark.parametrize("value", [-3, 0, 1, 4, 2500])
def test_no_sentence_about_any_feature_says_a_word_twice(value: int) -> None:
    said = {feature: [_said(feature, value, language) for language in ("en", "zh")] for feature in NUMBERS}

    assert len(said) > 180
    assert [english for english, _chinese in said.values() if _twice_in_english(english)] == []
    assert [chinese for feature, (_english, chinese) in said.items() if _twice_in_chinese(chinese, feature)] == []
    assert [pair for pair in said.values() if ": " not in pair[0] or "：" not in pair[1]] == []


def _said(feature: Feature, value: int, language: Language) -> str:
    bound = 4 if feature.maximum is None or feature.maximum >= 4 else feature.maximum
    condition = compile_condition(f"{feature.name} >= {bound}", catalogue())
    [leaf] = explain(condition, {feature.name: Decimal(value)}).leaves
    return say(leaf, condition.features, language, places=2)


def _twice_in_english(sentence: str) -> list[str]:
    """The words that follow themselves, with nothing but figures and signs between."""
    words = [word.removesuffix("s") for word in BETWEEN.sub(" ", sentence.lower()).split()]
    return [one for one, other in pairwise(words) if one == other]


def _twice_in_chinese(sentence: str, feature: Feature) -> list[str]:
    """The units behind the figure with which the name ends already."""
    name = feature.title.rstrip("数份")
    return [unit for unit in CHINESE_UNITS if name.endswith(unit) and re.search(rf"\d (个)?{unit}", sentence)]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_value_of_an_enumerated_feature_has_a_name(language: Language) -> None:
    enums = [feature for feature in FEATURES if feature.dtype == "enum"]

    named = {(f.name, value): say_beside(f, value, language)[1] for f in enums for value in f.values}

    assert len(enums) == 32
    assert {value for _name, value in named} == set(NAMES)
    assert [key for key, said in named.items() if "_" in said or not said] == []
    assert language == "en" or all(not said.isascii() for said in named.values())


def test_a_share_of_something_never_loses_its_sign() -> None:
    shares = [feature for feature in NUMBERS if feature.unit in ("ratio", "pct", "CNY", "bp")]

    said = [feature.name for feature in shares for language in UNITS if _silent(feature, language)]

    assert len(shares) > 60
    assert said == []


def _silent(feature: Feature, language: str) -> bool:
    title = feature.title if language == "zh" else feature.title_en
    return says_unit(title, feature.unit, "zh" if language == "zh" else "en")
