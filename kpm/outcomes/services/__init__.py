"""Actions on outcomes."""

from kpm.outcomes.services.baserates import write_base_rate
from kpm.outcomes.services.effects import snapshot_effects
from kpm.outcomes.services.judging import judge_rollouts
from kpm.outcomes.services.measure import Measured, measure
from kpm.outcomes.services.rates import write_goal_rates
from kpm.outcomes.services.stock import Stock, take_stock

__all__ = [
    "Measured",
    "Stock",
    "judge_rollouts",
    "measure",
    "snapshot_effects",
    "take_stock",
    "write_base_rate",
    "write_goal_rates",
]
