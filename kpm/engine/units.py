"""Units in the words of the branch: how a number carries its own, and when the name beside it has said it already."""

import re
from typing import Literal

Language = Literal["zh", "en"]
UNITS = {
    "zh": {
        "ratio": "{}%", "pct": "{}%", "CNY": "{} 元", "day": "{} 天", "td": "{} 个交易日", "bd": "{} 个工作日",
        "week": "{} 周", "month": "{} 个月", "year": "{} 岁", "share": "{} 股", "times": "{} 倍", "bp": "万分之{}",
        "level": "{} 级", "score": "{} 分",
    },
    "en": {
        "ratio": "{}%", "pct": "{}%", "CNY": "CNY {}", "day": "{} days", "td": "{} trading days",
        "bd": "{} working days", "week": "{} weeks", "month": "{} months", "year": "{} years",
        "share": "{} shares", "times": "{} times", "bp": "{} bp", "level": "level {}", "score": "score {}",
    },
}  # fmt: skip
SPAN = re.compile(r", (last|preceding) .*")  # the days that a figure looks at are not its unit
WORD = re.compile(r"[a-z]+")


def with_unit(number: str, unit: str | None, language: Language) -> str:
    """Write a number with its unit: 3 → 3 个交易日, 3 trading days; 1 → 1 trading day."""
    said = UNITS[language].get(unit or "", "{}").format(number)
    return said.removesuffix("s") if language == "en" and number in ("1", "-1") else said


def says_unit(title: str, unit: str | None, language: Language) -> bool:
    """Whether a title has said the unit of its value: 开户天数 30 needs no 天, "Client risk level: 4" no "level"."""
    pattern = UNITS[language].get(unit or "", "")
    if language == "zh":
        core = pattern.replace("{}", "").strip().removeprefix("个")
        return bool(core) and re.search(rf"{re.escape(core)}[数份]?$", title) is not None
    words = set(_stems(pattern))
    return bool(words) and words <= set(_stems(SPAN.sub("", title)))


def _stems(text: str) -> list[str]:
    return [word.removesuffix("s") for word in WORD.findall(text.lower())]
