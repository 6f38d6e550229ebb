"""Strategies and what their runs found, as tables."""

from kpm.strategies.models.approvals import Approval, Signature
from kpm.strategies.models.backtests import BackTest
from kpm.strategies.models.config import CapacityBudget, ContactRule, DeliveryOption
from kpm.strategies.models.events import VersionEvent
from kpm.strategies.models.hits import Assignment, Hit, HitEnding, HitFeedback, Stage
from kpm.strategies.models.holds import StrategyHold
from kpm.strategies.models.rollout import RolloutJudgement, RolloutStep
from kpm.strategies.models.runs import Funnel, Run, RunStep
from kpm.strategies.models.scoring import FamilyCap, GoalRate, Suppression, UniversalDraw, UniversalHoldout
from kpm.strategies.models.segments import Segment, SegmentDownload, SegmentExport
from kpm.strategies.models.stops import ServiceStop, StopLift
from kpm.strategies.models.strategy import Purpose, Strategy, StrategyVersion

__all__ = [
    "Approval",
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
    "RolloutJudgement",
    "RolloutStep",
    "Run",
    "RunStep",
    "Segment",
    "SegmentDownload",
    "SegmentExport",
    "ServiceStop",
    "Signature",
    "Stage",
    "StopLift",
    "Strategy",
    "StrategyHold",
    "StrategyVersion",
    "Suppression",
    "UniversalDraw",
    "UniversalHoldout",
    "VersionEvent",
]
