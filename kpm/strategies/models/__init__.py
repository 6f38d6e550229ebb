"""Strategies and what their runs found, as tables."""

from kpm.strategies.models.config import CapacityBudget, ContactRule, DeliveryOption
from kpm.strategies.models.events import VersionEvent
from kpm.strategies.models.hits import Assignment, Hit, HitFeedback, Spell, Stage
from kpm.strategies.models.runs import Funnel, Run, RunStep
from kpm.strategies.models.strategy import Purpose, Strategy, StrategyVersion

__all__ = [
    "Assignment",
    "CapacityBudget",
    "ContactRule",
    "DeliveryOption",
    "Funnel",
    "Hit",
    "HitFeedback",
    "Purpose",
    "Run",
    "RunStep",
    "Spell",
    "Stage",
    "Strategy",
    "StrategyVersion",
    "VersionEvent",
]
