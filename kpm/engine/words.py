"""Says one comparison in the words of the branch, in Chinese or English, from catalogue names and units.

A comparison that is TRUE reads as a fact ("维持担保比例：138%，低于 140%"), any other as what would be needed
("维持担保比例：150%，需低于 140%"). A unit that the name says itself is not said again ("开户天数：30，不低于 20").
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from kpm.engine import tree as t
from kpm.engine.catalogue import Feature
from kpm.engine.codes import ENUM, name_of
from kpm.engine.explain import LeafResult, core
from kpm.engine.kinds import side
from kpm.engine.text import OPPOSITE, number
from kpm.engine.truth import EXACT, Known, coerce
from kpm.engine.units import Language, says_unit, with_unit

OPS = {
    "zh": {
        "=": "为", "<>": "不为", "<": "低于", "<=": "不高于", ">": "高于", ">=": "不低于", "in": "属于",
        "not in": "不属于", "holds": "包含", "not holds": "不包含", "null": "无值", "not null": "有值",
        "day <": "早于", "day <=": "不晚于", "day >": "晚于", "day >=": "不早于",
    },
    "en": {
        "=": "", "<>": "different from", "<": "below", "<=": "at most", ">": "above", ">=": "at least",
        "in": "one of", "not in": "none of", "holds": "holding", "not holds": "not holding",
        "null": "without a value", "not null": "known",
        "day <": "before", "day <=": "at the latest", "day >": "after", "day >=": "at the earliest",
    },
}  # fmt: skip
SHAPES = {
    "zh": {
        "named": "{}：{}", "and": "，", "fact": "{op} {threshold}", "need": "需{op} {threshold}",
        "empty": "无值", "yes": "是", "no": "否", "or": "、",
        "safe_div": "{}与{}之比", "coalesce": "{}（无值按 {}）", "abs": "{}的绝对值", "beside": "{}（{}）",
        "least": "{}中最小者", "greatest": "{}中最大者", "td_since": "距{}的交易日数",
    },
    "en": {
        "named": "{}: {}", "and": ", ", "fact": "{op} {threshold}", "need": "needs to be {op} {threshold}",
        "empty": "unknown", "yes": "yes", "no": "no", "or": ", ", "safe_div": "{} over {}",
        "coalesce": "{} ({} when unknown)", "abs": "size of {}", "beside": "{} ({})",
        "least": "least of {}", "greatest": "greatest of {}", "td_since": "trading days since {}",
    },
}  # fmt: skip
BETWEEN_CHINESE = re.compile(r"(?<=[一-鿿]) (?=[一-鿿])")


def say(
    result: LeafResult, features: Mapping[str, Feature], language: Language = "zh", *, places: int | None = None
) -> str:
    """Put one comparison on one client into words; `features` are those of its condition.

    `places` rounds the client's value as it is shown (half up); thresholds stay exact, and a value that rounding
    would bring onto its threshold stays exact too.
    """
    return _Speaker(features, language, places).leaf(result)


def say_value(feature: Feature, raw: Any, language: Language = "zh", *, places: int | None = None) -> str:
    """Put one value of a feature into words, with its unit; `raw` as in a row or in stored evidence."""
    return _Speaker({feature.name: feature}, language, places).value(feature, raw, _unit(feature))


def say_beside(feature: Feature, raw: Any, language: Language = "zh", *, places: int | None = None) -> tuple[str, str]:
    """Return the name of a feature and one value of it in words, as they stand side by side."""
    speaker = _Speaker({feature.name: feature}, language, places)
    title = speaker.title(feature)
    return title, speaker.value(feature, raw, speaker.left_to_say(title, _unit(feature)))


def say_named(feature: Feature, raw: Any, language: Language = "zh", *, places: int | None = None) -> str:
    """Put one value of a feature into words behind its name: 开户天数：30."""
    return SHAPES[language]["named"].format(*say_beside(feature, raw, language, places=places))


class _Speaker:
    def __init__(self, features: Mapping[str, Feature], language: Language, places: int | None) -> None:
        self.features, self.places, self.language = features, places, language
        self.ops, self.shapes = OPS[language], SHAPES[language]

    def leaf(self, result: LeafResult) -> str:
        leaf = core(result.record.leaf)
        turned = isinstance(result.record.leaf, t.Surely) and result.record.leaf.negated
        op = _op(leaf, turned, isinstance(result.threshold, date))
        of = side(leaf.left, self.features)
        name = self.phrase(leaf.left, of.unit)
        unit = self.left_to_say(name, ENUM if of.type == ENUM else of.unit)
        value = self.rounded(result.value, unit, result.threshold)
        parts = [] if isinstance(leaf, t.Missing) else [self.show(value, unit)]
        if result.truth is not True or op != "=":
            shape = self.shapes["fact" if result.truth is True else "need"]
            parts.append(_tidy(shape.format(op=self.ops.get(op, op), threshold=self.threshold(leaf, result, unit))))
        return self.shapes["named"].format(name, self.shapes["and"].join(parts))

    def value(self, feature: Feature, raw: Any, unit: str | None) -> str:
        """Write one value as a row or the stored evidence has it."""
        return self.show(self.rounded(coerce(feature, raw), unit, None), unit)

    def title(self, feature: Feature) -> str:
        """The name of a feature in the language that is spoken."""
        return feature.title if self.language == "zh" else feature.title_en

    def left_to_say(self, name: str, unit: str | None) -> str | None:
        """The unit of a value, unless the name before it has said it."""
        return None if says_unit(name, unit, self.language) else unit

    def rounded(self, value: Known | None, unit: str | None, threshold: object) -> Known | None:
        """A number with at most `places` digits as it is shown; a ratio is shown as percent."""
        if self.places is None or not isinstance(value, Decimal):
            return value
        digits = self.places + (2 if unit == "ratio" else 0)
        short = value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, EXACT)
        return value if short == threshold else short

    def threshold(self, leaf: t.PlainLeaf, result: LeafResult, unit: str | None) -> str:
        """The other side: a value, or the name of what it is compared with and its value."""
        if isinstance(leaf, t.Missing):
            return ""
        shown = self.show(result.threshold, unit)
        if isinstance(leaf, t.Compare) and not isinstance(leaf.right, t.Constant):
            return self.shapes["beside"].format(self.phrase(leaf.right, unit), shown)
        return shown

    def phrase(self, node: t.Value, unit: str | None) -> str:
        """Name a value by the titles of its features; literals in it are in the unit of the whole."""
        if isinstance(node, t.Name):
            return self.title(self.features[node.name])
        if isinstance(node, t.Constant):
            return self.show(node.value, unit)
        plain = isinstance(node, t.Arithmetic) and node.op == "*"
        inner = [self.phrase(arg, None if plain else unit) for arg in node.args]
        if isinstance(node, t.Arithmetic):
            return f" {node.op.replace('*', '×')} ".join(inner)
        if node.function in ("least", "greatest"):
            inner = [self.shapes["or"].join(inner)]
        return self.shapes[node.function].format(*inner)

    def show(self, value: Known | tuple[Known, ...] | None, unit: str | None) -> str:
        """Write one value, or several, with their unit."""
        if value is None:
            return self.shapes["empty"]
        if isinstance(value, tuple):
            return self.shapes["or"].join(self.show(item, unit) for item in value) or self.shapes["empty"]
        if isinstance(value, bool):
            return self.shapes["yes" if value else "no"]
        if isinstance(value, Decimal):
            return with_unit(_digits(value, unit), unit, self.language)
        if isinstance(value, date):
            return value.isoformat()
        return name_of(value, self.language) if unit == ENUM else value


def _tidy(text: str) -> str:
    return BETWEEN_CHINESE.sub("", " ".join(text.split()))


def _unit(feature: Feature) -> str:
    return ENUM if feature.dtype == "enum" else feature.unit


def _digits(value: Decimal, unit: str | None) -> str:
    with localcontext(EXACT):
        shown = value * 100 if unit == "ratio" else value
    return format(Decimal(number(shown)), ",f")


def _op(leaf: t.PlainLeaf, turned: bool, day: bool) -> str:
    if isinstance(leaf, t.Compare):
        op = OPPOSITE[leaf.op] if turned else leaf.op
        return f"day {op}" if day and op in ("<", "<=", ">", ">=") else op
    negated = "not " if getattr(leaf, "negated", False) != turned else ""
    return negated + {t.OneOf: "in", t.Missing: "null", t.Holds: "holds"}[type(leaf)]  # type: ignore[index]
