"""What is measured for a version: its goal as a condition over outcomes, and the outcomes that are kept beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from kpm.engine import evidence
from kpm.engine.catalogue import Feature
from kpm.engine.check import Condition, check
from kpm.engine.explain import explain
from kpm.outcomes.figures import waiting
from kpm.strategies.catalogue_of import outcomes

NOTHING: Mapping[str, Any] = {"bool": False, "int": 0, "decimal": Decimal(0)}  # what somebody has who did nothing


@dataclass(frozen=True, eq=False)
class Goal:
    """A goal ready to measure: None without one that both arms can reach. `process` only the treated can have.

    One object for the same texts (`goal_of`), so versions that ask for the same are measured together.
    """

    condition: Condition | None
    process: Condition | None

    @property
    def features(self) -> dict[str, Feature]:
        """The outcomes that are counted and kept."""
        parts = [part for part in (self.condition, self.process) if part]
        return {name: feature for part in parts for name, feature in part.features.items()}

    @property
    def waits(self) -> tuple[str, ...]:
        """The outcomes of the goal that nothing writes yet."""
        return tuple(name for name in (self.condition.features if self.condition else ()) if name in waiting())

    @property
    def kept(self) -> str:
        """SQL that gives what was counted as JSON."""
        if base := self.condition or self.process:
            return evidence.expression(base, tuple(self.features.values()))
        return "'{}'"

    @property
    def reached_by_nothing(self) -> bool:
        """Whether somebody who does nothing reaches the goal: then only the end of the window can tell."""
        if self.condition is None:
            return False
        row = {name: NOTHING.get(feature.dtype) for name, feature in self.condition.features.items()}
        return explain(self.condition, row).truth is True


@cache
def goal_of(goal: str, process: str) -> Goal:
    """Return what the texts of a version mean; a text that no longer fits the catalogue counts as none."""
    return Goal(_compiled(goal), _compiled(process))


def choice(goals: Mapping[int, Goal], of: str) -> str:
    """Write SQL that gives per version its `value` or what is `kept`, over the columns of all outcomes."""
    versions: dict[Goal, list[str]] = {}
    for version, goal in goals.items():
        versions.setdefault(goal, []).append(str(version))
    cases = [
        f"WHEN version_id IN ({', '.join(ids)}) THEN {_sql(goal, of)}"
        for goal, ids in versions.items()
        if _sql(goal, of)
    ]
    return f"CASE {' '.join(cases)} END" if cases else "NULL"


def _sql(goal: Goal, of: str) -> str:
    if of == "kept":
        return goal.kept
    return f"({goal.condition.sql})" if goal.condition and not goal.waits else ""


def _compiled(text: str) -> Condition | None:
    return check(text, outcomes()).condition if text else None
