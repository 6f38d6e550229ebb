"""The outcomes of a day, one after the other: measure, compare, learn."""

from dataclasses import dataclass
from datetime import date, datetime

from kpm.outcomes.services.effects import snapshot_effects
from kpm.outcomes.services.measure import Measured, measure
from kpm.outcomes.services.rates import write_goal_rates


@dataclass(frozen=True)
class Stock:
    """What a day brought: outcomes, and how many effects and goal rates changed."""

    measured: Measured
    effects: int
    rates: int


def take_stock(*, day: date, now: datetime) -> Stock:
    """This will measure the windows that closed up to `day`, and write the effects and goal rates that follow.

    Each of the three is a transaction of its own that ends the same however often it runs.
    """
    measured = measure(day=day, now=now)
    return Stock(measured, snapshot_effects(day=day), write_goal_rates(day=day))
