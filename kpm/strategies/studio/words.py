"""The words that a condition may be made of, as the editor offers them."""

from typing import Any

from kpm.engine.codes import name_of
from kpm.engine.units import Language
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.naming import english

FUNCTIONS = ("safe_div(a, b)", "abs(a)", "least(a, b)", "greatest(a, b)", "coalesce(a, 0)", "td_since(a)",
             "list_contains(a, '')")  # fmt: skip
KEYWORDS = ("AND", "OR", "NOT", "BETWEEN", "IN", "IS NULL", "IS NOT NULL", "IS TRUE", "TRUE", "FALSE", "DATE ''")


def words() -> dict[str, Any]:
    """Return features with title, unit, type and values, functions and words of SQL."""
    language: Language = "en" if english() else "zh"
    features = [
        {
            "name": one.name, "title": one.title_en if language == "en" else one.title, "unit": one.unit,
            "type": one.dtype, "values": [[value, name_of(value, language)] for value in one.values],
        }
        for one in catalogue().features.values() if one.active
    ]  # fmt: skip
    return {"features": features, "functions": FUNCTIONS, "keywords": KEYWORDS}
