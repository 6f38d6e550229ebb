"""What a version says otherwise than another one: field by field, and its condition leaf by leaf."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import label_for_field
from django.utils.translation import gettext as _t

from kpm.engine.check import compile_condition
from kpm.engine.problem import ConditionError
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.models import StrategyVersion

# What a version says of itself rather than of its clients.
NOT_SAID = {
    "id", "strategy", "number", "parent", "change_note", "author", "submitted_at", "created_at", "expected",
    "normalised", "condition_hash", "leaves", "features", "shown", "catalogue_version",
}  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One field or leaf that differs; an empty side has none of it."""

    what: str
    before: str
    after: str


def differences(before: StrategyVersion, after: StrategyVersion) -> list[Difference]:
    """Return every field that differs between two versions, its leaves under a changed condition, and the plan."""
    fields = [field for field in StrategyVersion._meta.concrete_fields if field.name not in NOT_SAID]
    changed = [field for field in fields if getattr(before, field.name) != getattr(after, field.name)]
    found: list[Difference] = []
    for field in changed:
        found.append(_field(field.name, before, after))
        if field.name == "condition":
            found += _leaves(before, after)
    plans = plan_of(before), plan_of(after)
    return [*found, Difference(_t("plan of the rollout"), *plans)] if plans[0] != plans[1] else found


def _field(name: str, before: StrategyVersion, after: StrategyVersion) -> Difference:
    return Difference(str(label_for_field(name, StrategyVersion)), _said(before, name), _said(after, name))


def _said(version: StrategyVersion, name: str) -> str:
    """The value as a person reads it."""
    shown = getattr(version, f"get_{name}_display", None)
    value: Any = shown() if shown else getattr(version, name)
    if isinstance(value, bool):
        return _t("yes") if value else _t("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _leaves(before: StrategyVersion, after: StrategyVersion) -> list[Difference]:
    """Leaves of the same slot stand in one line: a moved threshold; the others came or went."""
    old, new = _by_slot(before), _by_slot(after)
    lines: list[Difference] = []
    for slot in sorted(old.keys() | new.keys()):
        gone = [text for text in old.get(slot, []) if text not in new.get(slot, [])]
        come = [text for text in new.get(slot, []) if text not in old.get(slot, [])]
        if gone or come:
            lines.append(Difference(f"· {slot}", "; ".join(gone), "; ".join(come)))
    return lines


def _by_slot(version: StrategyVersion) -> dict[str, list[str]]:
    """The leaves of a condition by their slots; of one that cannot be read, none."""
    found: dict[str, list[str]] = {}
    try:
        leaves = compile_condition(version.condition, catalogue()).leaves
    except ConditionError:
        return found
    for leaf in leaves:
        found.setdefault(leaf.slot, []).append(leaf.text)
    return found


def plan_of(version: StrategyVersion) -> str:
    """Return the plan of a rollout in one line."""
    return " → ".join(_step(step) for step in version.steps.prefetch_related("branches").order_by("order"))


def _step(step: Any) -> str:
    chosen: Iterable[str] = [branch.code for branch in step.branches.all()]
    where = ", ".join(chosen) or f"{step.share.normalize():f} %"
    said = {"where": where, "days": step.min_days, "sample": step.min_sample}
    return _t("%(where)s (%(days)s trading days, %(sample)s clients)") % said
