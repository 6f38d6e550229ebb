"""Texts of a delivery: placeholders filled by unit, the evidence line, the footer. Pure functions."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from kpm.engine.catalogue import Catalogue, Feature
from kpm.engine.explain import explain
from kpm.engine.words import Language, say
from kpm.strategies.members import member_of
from kpm.strategies.models import StrategyVersion

FOOTER = "本信息仅供参考，不构成投资建议。市场有风险，投资需谨慎。"
PLACEHOLDER = re.compile(r"\{(\w+)\}")
UNKNOWN = "—"
JOINED: dict[Language, str] = {"zh": "，", "en": ", "}
LONGEST: dict[Language, int] = {"zh": 300, "en": 400}


def fill(text: str, evidence: Mapping[str, Any], catalogue: Catalogue) -> str:
    """Return `text` with every {feature} replaced by its value as people read it; a missing value shows as —."""

    def shown(match: re.Match[str]) -> str:
        name = match.group(1)
        return value_text(catalogue[name], evidence.get(name)) if name in catalogue else UNKNOWN

    return PLACEHOLDER.sub(shown, text)


def value_text(feature: Feature, value: Any) -> str:
    """Return one value by its unit: CNY with 元, ratio and pct as percent, others as plain numbers."""
    if value is None:
        return UNKNOWN
    if not feature.is_number:
        return str(value)
    number = _decimal(value)
    if feature.unit == "CNY":
        return f"{number:,.2f}元"
    if feature.unit in ("ratio", "pct"):
        return f"{number * 100 if feature.unit == 'ratio' else number:,.2f}%"
    return f"{number.normalize():,f}"


def why_line(version: StrategyVersion, evidence: Mapping[str, Any], language: Language) -> str:
    """Return the comparisons that made a hit, in words: 第一大持仓占比 89.71% 不低于 70%，持仓市值 …"""
    condition = member_of(version).condition
    true = [leaf for leaf in explain(condition, evidence).leaves if leaf.truth]
    return JOINED[language].join(say(leaf, condition.features, language) for leaf in true)[: LONGEST[language]]


def _decimal(value: Any) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError(f"{value!r} is no number") from error
