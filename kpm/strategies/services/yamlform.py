"""A version as YAML, out and in: what an author may write, nothing of what the house adds (STRATEGY 3.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from django.utils.translation import gettext as _

from kpm.engine.strictyaml import StrictLoader, WrittenTwice
from kpm.strategies.models import StrategyVersion

STEP = ("branches", "share", "min_days", "min_sample", "approval")


class BadYaml(ValueError):
    """A text that is no version; each fault is a line (0 when none can be named) and a sentence."""

    def __init__(self, faults: list[tuple[int, str]]) -> None:
        self.faults = faults
        super().__init__("\n".join(f"{line}: {text}" if line else text for line, text in faults))


@dataclass(frozen=True)
class Written:
    """The keys of a text with their values and lines."""

    values: Mapping[str, Any]
    lines: Mapping[str, int]


def to_yaml(version: StrategyVersion, fields: tuple[str, ...]) -> str:
    """Return the fields of a version and its plan as a text that `read_yaml` reads."""
    said = {name: _plain(getattr(version, name)) for name in fields}
    head = {"strategy": version.strategy.code, "version": version.number}
    text: str = yaml.safe_dump({**head, **said, "plan": _plan(version)}, allow_unicode=True, sort_keys=False, width=110)
    return text


def _plan(version: StrategyVersion) -> list[dict[str, Any]]:
    steps = version.steps.prefetch_related("branches").order_by("order")
    return [
        {
            "branches": [branch.code for branch in step.branches.all()],
            "share": _plain(step.share),
            "min_days": step.min_days,
            "min_sample": step.min_sample,
            "approval": step.approval,
        }
        for step in steps
    ]


def _plain(value: Any) -> Any:
    """Decimals become numbers; the rest is plain already."""
    if isinstance(value, (bool, int, str, list, dict)) or value is None:
        return value
    return int(value) if value == int(value) else float(value)


def read_yaml(text: str, fields: tuple[str, ...]) -> Written:
    """Return what a text says; raises BadYaml for what is no YAML, no mapping, or has keys that no version has."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        values = yaml.load(text, Loader=StrictLoader)  # noqa: S506  a SafeLoader that refuses keys written twice
    except WrittenTwice as twice:
        raise BadYaml([(twice.line, twice.problem)]) from twice
    except (yaml.YAMLError, ValueError, RecursionError) as fault:  # a date that is none is a ValueError
        mark = getattr(fault, "problem_mark", None)
        raise BadYaml([(mark.line + 1 if mark else 0, str(getattr(fault, "problem", fault)))]) from fault
    if not isinstance(node, yaml.MappingNode) or not isinstance(values, dict):
        raise BadYaml([(1, _("a version is a mapping of fields to values."))])
    lines = dict.fromkeys(map(str, values), 0)  # a key may stand there in another spelling, as 0x10 for 16
    lines |= {str(key.value): key.start_mark.line + 1 for key, _value in node.value}
    known = {*fields, "plan", "strategy", "version"}
    strange = [key for key in values if key not in known]
    if strange:
        raise BadYaml([(lines[str(key)], _("%(key)s is no field of a version.") % {"key": key}) for key in strange])
    if faults := list(_faults_of_plan(values.get("plan"), lines.get("plan", 0))):
        raise BadYaml(faults)
    return Written(values, lines)


def _faults_of_plan(plan: Any, line: int) -> list[tuple[int, str]]:
    if plan is None:
        return []
    if not isinstance(plan, list) or not plan:
        return [(line, _("plan is a list of steps, at least one."))]
    text = _("step %(n)s of the plan has %(names)s and nothing else; branches is a list of codes.")
    wrong = [number for number, step in enumerate(plan, 1) if not _is_step(step)]
    return [(line, text % {"n": number, "names": ", ".join(STEP)}) for number in wrong]


def _is_step(step: Any) -> bool:
    if not isinstance(step, dict) or set(step) - set(STEP) or not {"min_days", "min_sample"} <= set(step):
        return False
    chosen = step.get("branches") or []
    return isinstance(chosen, list) and all(isinstance(code, str) for code in chosen)
