"""A goal of buying is marketing, whatever its author calls it (STRATEGY 5)."""

from kpm.engine.check import check
from kpm.strategies.catalogue_of import outcomes
from kpm.strategies.models import Purpose
from kpm.strategies.vocabulary import words


def bought(goal: str) -> list[str]:
    """Return the outcomes of a goal that are purchases; a goal that cannot be read has none."""
    condition = check(goal, outcomes()).condition if goal else None
    return [name for name in condition.features if name in words().buying] if condition else []


def sells_as(purpose: str, goal: str) -> list[str]:
    """Return the purchases that a goal names while its purpose is not marketing."""
    return [] if purpose == Purpose.MARKETING else bought(goal)
