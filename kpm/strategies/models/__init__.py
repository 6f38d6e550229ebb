"""Strategies and what their runs found, as tables."""

from kpm.strategies.models.backtests import BackTest
from kpm.strategies.models.config import CapacityBudget, ContactRule, DeliveryOption
from kpm.strategies.models.events import VersionEvent
from kpm.strategies.models.hits import Assignment, Hit, HitEnding, HitFeedback, Stage
from kpm.strategies.models.runs import Funnel, Run, RunStep
from kpm.strategies.models.scoring import FamilyCap, GoalRate, Suppression, UniversalDraw, UniversalHoldout
from kpm.strategies.models.segments import Segment, SegmentDownload, SegmentExport
from kpm.strategies.models.strategy import Purpose, Strategy, StrategyVersion

__all__ = [
    "Assignment",
    "BackTest",
    "CapacityBudget",
    "ContactRule",
    "DeliveryOption",
    "FamilyCap",
    "Funnel",
    "GoalRate",
    "Hit",
    "HitEnding",
    "HitFeedback",
    "Purpose",
    "Run",
    "RunStep",
    "Segment",
    "SegmentDownload",
    "SegmentExport",
    "Stage",
    "Strategy",
    "StrategyVersion",
    "Suppression",
    "UniversalDraw",
    "UniversalHoldout",
    "VersionEvent",
]
