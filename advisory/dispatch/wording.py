"""Texts of a delivery: placeholders filled by unit, the evidence line, the footer. Pure functions."""

import re
from collections.abc import Mapping
from typing import Any

from kpm.engine.catalogue import Catalogue, Feature
from kpm.engine.check import Condition
from kpm.engine.explain import LeafResult, explain
from kpm.engine.units import UNITS, Language
from kpm.engine.words import say, say_named, say_value
from kpm.strategies.members import PLACEHOLDER, member_of
from kpm.strategies.models import StrategyVersion

FOOTER = "本信息仅供参考，不构成投资建议。市场有风险，投资需谨慎。"
UNKNOWN = "—"
PLACES = 2
JOINED: dict[Language, str] = {"zh": "；", "en": "; "}
LONGEST: dict[Language, int] = {"zh": 300, "en": 400}


def fill(text: str, evidence: Mapping[str, Any], catalogue: Catalogue) -> str:
    """Return `text` with every {feature} replaced by its value as people read it; a missing value shows as —.

    A unit that the text says itself behind the place is not said twice: 还有{days}天 becomes 还有5天.
    """

    def shown(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in catalogue:
            return UNKNOWN
        said, unit = value_text(catalogue[name], evidence.get(name)), unit_after(catalogue[name])
        return said.removesuffix(unit).rstrip() if unit and text[match.end() :].lstrip().startswith(unit) else said

    return PLACEHOLDER.sub(shown, text)


def unit_after(feature: Feature) -> str:
    """Return the unit that follows a value of this feature in a Chinese text; empty where none does."""
    return UNITS["zh"].get(feature.unit or "", "").partition("{}")[2].strip()


def value_text(feature: Feature, value: Any) -> str:
    """Return one value with its unit and at most two places; a missing one as —."""
    return UNKNOWN if value is None else say_value(feature, value, places=PLACES)


def why_line(version: StrategyVersion, evidence: Mapping[str, Any], language: Language) -> str:
    """Return the comparisons that made a hit, in words and in the author's order: 第一大持仓占比：89.71%，不低于 70%；…

    Numbers speak for themselves; codes of the catalogue (`none`, `limit_up`) do not and are left out beside numbers.
    A value held between two thresholds is named once, without them.
    """
    condition = member_of(version).condition
    true = [leaf for leaf in explain(condition, evidence).leaves if leaf.truth]
    shown = [leaf for leaf in true if leaf.margin is not None] or true
    words = {_subject(leaf): _said(leaf, shown, condition, evidence, language) for leaf in shown}
    ordered = sorted(words, key=lambda subject: condition.text.find(subject[0]))
    return JOINED[language].join(words[subject] for subject in ordered)[: LONGEST[language]]


def _subject(leaf: LeafResult) -> tuple[str, ...]:
    """What a comparison is about: its features."""
    return leaf.record.features


def _said(
    leaf: LeafResult, shown: list[LeafResult], condition: Condition, evidence: Mapping[str, Any], language: Language
) -> str:
    twice = sum(_subject(other) == _subject(leaf) for other in shown) > 1
    if not twice or len(_subject(leaf)) > 1:
        return say(leaf, condition.features, language, places=PLACES)
    feature = condition.features[_subject(leaf)[0]]
    return say_named(feature, evidence.get(feature.name), language, places=PLACES)
