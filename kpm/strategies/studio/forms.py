"""What was typed on the page of a strategy: a version that is not saved, from the text or from the rows."""

import copy
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kpm.engine.builder import to_rows, to_text
from kpm.engine.check import Checked, check
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.models import StrategyVersion
from kpm.strategies.studio import rows
from kpm.strategies.studio.rows import Line
from kpm.strategies.version_form import VersionForm

ROWS = "rows"
# The order of a strategy: who is meant, what is done, how it is known to help (STRATEGY 8.1); the rest stands last.
WHAT = (
    "action", "handler", "channels", "template_code", "playbook_code", "occurrence", "cooldown_n", "cooldown_unit",
    "priority", "sla_hours", "valid_days",
)  # fmt: skip
GROUPS = (
    (pgettext_lazy("of a strategy", "Who"), ("purpose", "population")),
    (pgettext_lazy("of a strategy", "What"), WHAT),
    (_("What is offered"), ("suitability_gate", "product_level_from", "product_level", "permission_code")),
    (_("How we know"), ("goal", "goal_window", "holdout_pct", "holdout_reason")),
)
ELSE = _("Notes")


@dataclass
class Typed:
    """A version as it stands on the page, its form, its condition checked, and the lines of the builder."""

    version: StrategyVersion
    form: VersionForm
    checked: Checked
    lines: list[Line] = field(default_factory=list)
    by_rows: bool = False

    @property
    def text(self) -> str:
        """The condition as text, sound or not."""
        return str(self.form["condition"].value() or "")


def opened(version: StrategyVersion) -> Typed:
    """Return a version as it is saved."""
    checked = check(version.condition, catalogue())
    return Typed(version, VersionForm(instance=version), checked, _lines(checked, []))


def typed(version: StrategyVersion, data: QueryDict) -> Typed:
    """Return a version as somebody typed it. Nothing is saved; `version` stays as it is.

    What was edited last, the text or the rows, gives the condition; a button of the builder is an edit of the rows.
    """
    said, do = data.copy(), data.get("do", "")
    by_rows = data.get("edited") == ROWS or do.partition(":")[0] in ("row", "group", "drop", ROWS) or _rows_alone(data)
    lines = rows.changed(rows.typed(data), do) if by_rows else []
    if by_rows:
        said["condition"] = to_text(rows.rows_of(lines), catalogue())
    else:  # as the page counts places: a browser ends lines with one letter there and sends two
        said["condition"] = _ends(said.get("condition", ""))
    form = VersionForm(said, instance=copy.copy(version))
    form.is_valid()
    checked = check(said.get("condition", ""), catalogue())
    return Typed(form.instance, form, checked, lines or _lines(checked, rows.typed(data)), by_rows)


def _rows_alone(data: QueryDict) -> bool:
    """Whether the rows were changed while the text still says what it did; without its script the page cannot tell."""
    if "was" not in data or _ends(data.get("condition", "")) != _ends(data["was"]):
        return False
    before = check(_ends(data["was"]), catalogue()).condition
    written = rows.typed(data)
    return before is not None and bool(written) and written != rows.lines_of(to_rows(before))


def _ends(text: object) -> str:
    return str(text).replace("\r\n", "\n")


def _lines(checked: Checked, before: list[Line]) -> list[Line]:
    """The lines of a sound condition; while it is not sound those that stood there before."""
    return rows.lines_of(to_rows(checked.condition)) if checked.condition else before or [Line("AND", 0)]


def fields_of(form: VersionForm) -> list[tuple[str, list[object]]]:
    """Return the fields of a form in groups as the page shows them; the condition stands in its middle."""
    named = {name for _title, names in GROUPS for name in names} | {"condition"}
    groups = [*GROUPS, (ELSE, tuple(name for name in form.fields if name not in named))]
    return [(str(title), [form[name] for name in names if name in form.fields]) for title, names in groups]
