"""A rule as the text of a condition, and as a person reads it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kpm.engine.catalogue import Feature
from kpm.engine.words import say_beside
from kpm.outcomes.cases.table import KNOWN, UNKNOWN
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.explaining.wording import language

Said = Mapping[str, Any]  # a comparison as it was kept: column, op, value, unknown


def condition(rule: Sequence[Said]) -> str:
    """Return a rule as the text of a condition."""
    return " AND ".join(_text(one, catalogue()[one["column"]]) for one in rule)


def _text(one: Said, feature: Feature) -> str:
    name = feature.name
    if one["op"] in (KNOWN, UNKNOWN):
        return f"{name} IS {'NOT ' if one['op'] == KNOWN else ''}NULL"
    said = f"{name} {_compared(one, feature)}"
    return f"({said} OR {name} IS NULL)" if one["unknown"] else said


def _compared(one: Said, feature: Feature) -> str:
    if feature.dtype == "bool":
        return "= TRUE" if one["op"] == ">=" else "= FALSE"
    if isinstance(one["value"], str):
        return f"{one['op']} '{one['value']}'"
    return f"{one['op']} {number(one['value'], feature)}"


def number(value: float, feature: Feature) -> str:
    """Return a threshold without an exponent, whole for what is counted."""
    return format(Decimal(int(value)) if feature.dtype == "int" else Decimal(str(value)).normalize(), "f")


def in_words(rule: Sequence[Said]) -> list[str]:
    """Say a rule, a sentence a comparison, in the language of the page; nothing once a feature of it is gone."""
    if any(one["column"] not in catalogue() for one in rule):
        return []
    return [_sentence(one, catalogue()[one["column"]]) for one in rule]


def _sentence(one: Said, feature: Feature) -> str:
    known = {KNOWN: _("is known"), UNKNOWN: _("is not known")}
    name, value = say_beside(feature, _raw(one, feature), language())
    said = _("%(what)s: %(value)s") % {"what": name, "value": known.get(one["op"]) or _bound(one, feature, value)}
    return _("%(said)s, or not known") % {"said": said} if one["unknown"] and one["op"] not in known else said


def _bound(one: Said, feature: Feature, value: str) -> str:
    if feature.dtype == "bool" or one["op"] == "=":
        return value
    said = {"<>": _("not %(value)s"), ">=": _("at least %(value)s"), "<": _("below %(value)s")}
    return said[one["op"]] % {"value": value}


def _raw(one: Said, feature: Feature) -> Any:
    """The value of a comparison as the feature has it; None where only being known matters."""
    if one["op"] in (KNOWN, UNKNOWN):
        return None
    if feature.dtype == "bool":
        return one["op"] == ">="
    return one["value"] if isinstance(one["value"], str) else Decimal(number(one["value"], feature))
