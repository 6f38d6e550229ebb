"""What a strategy wants to reach, and of whom it is kept to measure that (STRATEGY 9.1, docs/adr/0009)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kpm.engine.check import check
from kpm.engine.goals import process_outcomes
from kpm.strategies.catalogue_of import outcomes
from kpm.strategies.contact import NEVER_STOPPED
from kpm.strategies.services.library.entries import Entry
from kpm.strategies.vocabulary import words


@dataclass(frozen=True)
class Goal:
    """`text` is a goal that a held-out client can reach too, "" when there is none, and then `reason` says why.

    `process` is the library's own outcome where only a treated client can have it; it counts as reach.
    """

    text: str
    process: str = ""
    reason: str = ""


def goal_of(entry: Entry) -> Goal:
    """Return the goal of an entry: its own `goal`, else its outcome as far as both arms can have it."""
    success = entry["outcome"]["success"]
    condition = check(success, outcomes()).condition
    process = success if condition and process_outcomes(condition) else ""
    text = entry.get("goal", "" if process else success)
    return Goal(text, process, "" if text else words().goal_reasons["process_only"])


def held_out(entry: Entry, goal: Goal) -> tuple[Decimal, str]:
    """Return the share held out in percent, and why nobody is; without a goal holding out would prove nothing."""
    if entry["purpose"] in NEVER_STOPPED:
        return Decimal(0), ""
    share = Decimal(str(entry["holdout_pct"])) if goal.text else Decimal(0)
    word = entry.get("holdout_reason") or ("" if goal.text else "no_causal_goal")
    return share, words().holdout_reasons[word] if word and not share else ""


def goal_columns(entry: Entry) -> dict[str, Any]:
    """Return the columns of a version that follow from the outcome of its entry."""
    goal = goal_of(entry)
    share, reason = held_out(entry, goal)
    return {
        "goal": goal.text,
        "goal_reason": goal.reason,
        "process_outcome": goal.process,
        "goal_window": entry["outcome"]["within_days"],
        "goal_judged": entry["outcome"]["judged"],
        "holdout_pct": share,
        "holdout_reason": reason,
    }
