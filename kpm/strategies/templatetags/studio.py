"""What the pages of the studio need said: problems, operators, titles and units of features."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpm.engine.codes import name_of
from kpm.engine.problem import Problem
from kpm.engine.units import UNITS
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.naming import english

register = template.Library()
AROUND = 24  # letters that are shown of the text from a fault on
OPERATORS = {
    "=": gettext_lazy("is"), "<>": gettext_lazy("is not"), "<": gettext_lazy("is below"),
    "<=": gettext_lazy("is at most"), ">": gettext_lazy("is above"), ">=": gettext_lazy("is at least"),
    "in": gettext_lazy("is one of"), "not in": gettext_lazy("is none of"), "empty": gettext_lazy("has no value"),
    "not empty": gettext_lazy("has a value"), "yes": gettext_lazy("holds true"), "no": gettext_lazy("does not hold"),
    "holds": gettext_lazy("contains"), "not holds": gettext_lazy("does not contain"),
}  # fmt: skip


@register.filter
def said(problem: Problem) -> str:
    """A problem of a condition in the language of the page."""
    return _(problem.sentence) % problem.values


@register.filter
def around(text: str, position: int) -> str:
    """The text from a fault on, a few letters of it."""
    piece = text[position : position + AROUND]
    return f"{piece}…" if position + AROUND < len(text) else piece


@register.filter
def asked(operator: str) -> str:
    """An operator of the builder in words."""
    return str(OPERATORS.get(operator, operator))


@register.filter
def title_of(name: str) -> str:
    """The title of a feature, "" for a name that the catalogue does not have."""
    if name not in catalogue():
        return ""
    return catalogue()[name].title_en if english() else catalogue()[name].title


@register.filter
def unit_of(name: str) -> str:
    """The unit of a feature as people say it; a ratio has none: conditions say 0.5, not 50 %."""
    unit = catalogue()[name].unit if name in catalogue() else ""
    return "" if unit == "ratio" else UNITS["en" if english() else "zh"].get(unit, "").format("").strip()


@register.filter
def code_name(code: str) -> str:
    """A value of an enumerated feature in words."""
    return name_of(code, "en" if english() else "zh")


@register.filter
def unlocal(number: float) -> str:
    """A number for attributes, whatever the language of the page."""
    return f"{number:g}"
