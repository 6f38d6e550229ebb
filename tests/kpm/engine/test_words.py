"""One comparison in the words of the branch."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kpm.engine.check import compile_condition
from kpm.engine.explain import explain
from kpm.engine.words import say, say_value
from tests.kpm.engine.samples import CATALOGUE


@pytest.mark.parametrize(
    ("text", "row", "chinese", "english"),
    [
        ("ratio < 1.40", {"ratio": Decimal("1.38")}, "维持担保比例：138%，低于 140%", "Margin ratio: 138%, below 140%"),
        (
            "ratio < 1.40",
            {"ratio": Decimal("1.5")},
            "维持担保比例：150%，需低于 140%",
            "Margin ratio: 150%, needs to be below 140%",
        ),
        ("visits >= 5", {"visits": None}, "登录次数：无值，需不低于 5", "Visits: unknown, needs to be at least 5"),
        (
            "money > 1000000",
            {"money": Decimal("1234567.5")},
            "资产：1,234,567.5 元，高于 1,000,000 元",
            "Assets: CNY 1,234,567.5, above CNY 1,000,000",
        ),
        ("change <= -3", {"change": Decimal("-3.25")}, "涨跌幅：-3.25%，不高于 -3%", "Change: -3.25%, at most -3%"),
        ("flag", {"flag": True}, "手机已核验：是", "Mobile verified: yes"),
        ("flag", {"flag": False}, "手机已核验：否，需为是", "Mobile verified: no, needs to be yes"),
        ("tier <> 'gold'", {"tier": "basic"}, "客户等级：普通，不为黄金", "Client tier: basic, different from gold"),
        (
            "tier IN ('gold', 'silver')",
            {"tier": "basic"},
            "客户等级：普通，需属于黄金、白银",
            "Client tier: basic, needs to be one of gold, silver",
        ),
        (
            "last_contact < DATE '2026-01-10'",
            {"last_contact": date(2026, 1, 7)},
            "上次联系日：2026-01-07，早于 2026-01-10",
            "Last contact: 2026-01-07, before 2026-01-10",
        ),
        ("visits IS NULL", {"visits": None}, "登录次数：无值", "Visits: without a value"),
        ("visits IS NOT NULL", {"visits": None}, "登录次数：需有值", "Visits: needs to be known"),
        (
            "list_contains(held, '600000')",
            {"held": []},
            "持仓代码：无值，需包含 600000",
            "Held codes: unknown, needs to be holding 600000",
        ),
        (
            "ratio < coalesce(line, 1.4) + 0.1",
            {"ratio": Decimal("1.4"), "line": None},
            "维持担保比例：140%，低于预警线（无值按 140%） + 10%（150%）",
            "Margin ratio: 140%, below Warning line (140% when unknown) + 10% (150%)",
        ),
        (
            "safe_div(debt, money) > 0.5",
            {"debt": Decimal("60"), "money": Decimal("100")},
            "负债与资产之比：60%，高于 50%",
            "Debt over Assets: 60%, above 50%",
        ),
        (
            "td_since(last_contact) >= 3",
            {"last_contact": date(2026, 1, 7), "last_contact__td": 5},
            "距上次联系日的交易日数：5，不低于 3",
            "trading days since Last contact: 5, at least 3",
        ),
        (
            "(ratio > 1.5) IS NOT TRUE",
            {"ratio": Decimal("1.4")},
            "维持担保比例：140%，不高于 150%",
            "Margin ratio: 140%, at most 150%",
        ),
    ],
)
def test_say(text: str, row: dict[str, Any], chinese: str, english: str) -> None:
    condition = compile_condition(text, CATALOGUE)

    (leaf,) = explain(condition, row).leaves

    assert say(leaf, condition.features) == chinese
    assert say(leaf, condition.features, "en") == english


def test_a_single_value_has_its_unit() -> None:
    assert say_value(CATALOGUE["ratio"], "1.38") == "138%"
    assert say_value(CATALOGUE["money"], "-1234.5", "en") == "CNY -1,234.5"
    assert say_value(CATALOGUE["flag"], None) == "无值"


def test_a_shown_value_is_rounded_and_its_threshold_is_not() -> None:
    condition = compile_condition("ratio < 1.405", CATALOGUE)
    [leaf] = explain(condition, {"ratio": Decimal("1.38127")}).leaves

    assert say(leaf, condition.features, places=2) == "维持担保比例：138.13%，低于 140.5%"


def test_rounding_never_moves_a_value_onto_its_threshold() -> None:
    condition = compile_condition("ratio < 1.40", CATALOGUE)
    [leaf] = explain(condition, {"ratio": Decimal("1.399999")}).leaves

    assert say(leaf, condition.features, places=2) == "维持担保比例：139.9999%，低于 140%"
