"""The values that made a hit, named and with their units, as a page shows them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kpm.engine.words import Language, say_value
from kpm.strategies.catalogue_of import catalogue

KEY = "__key"
PLACES = 2


def lines(evidence: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (name, value) of every feature in `evidence` in the language of the page.

    Unknown names are left out, and so are enums: their codes are words of the catalogue, not of a person.
    """
    language: Language = "en" if (get_language() or "").startswith("en") else "zh"
    return [line for name, raw in evidence.items() if (line := _line(name, raw, language))]


def _line(name: str, raw: Any, language: Language) -> tuple[str, str] | None:
    base = name.removesuffix(KEY)
    known = catalogue()
    if base not in known or known[base].dtype == "enum":
        return None
    feature = known[base]
    title = feature.title if language == "zh" else feature.title_en
    if name != base:
        return (_("%(title)s: of which") % {"title": title}, str(raw)) if raw else None
    return title, say_value(feature, raw, language, places=PLACES)
