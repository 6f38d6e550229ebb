"""The values that made a hit, named and with their units, as a page shows them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kpm.engine.units import Language
from kpm.engine.words import say_beside
from kpm.strategies.catalogue_of import catalogue

KEY = "__key"
PLACES = 2


def lines(evidence: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (name, value) of every feature in `evidence` in the language of the page; unknown names are left out."""
    language: Language = "en" if (get_language() or "").startswith("en") else "zh"
    return [line for name, raw in evidence.items() if (line := _line(name, raw, language))]


def _line(name: str, raw: Any, language: Language) -> tuple[str, str] | None:
    base = name.removesuffix(KEY)
    known = catalogue()
    if base not in known:
        return None
    title, said = say_beside(known[base], None if name != base else raw, language, places=PLACES)
    if name == base:
        return title, said
    return (_("%(title)s: of which") % {"title": title}, str(raw)) if raw else None
