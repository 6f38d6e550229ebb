"""The outcomes of a day, one after the other: measure, compare, learn."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from kpm.outcomes.models import EffectSnapshot
from kpm.outcomes.services.effects import snapshot_effects
from kpm.outcomes.services.measure import Measured, measure
from kpm.outcomes.services.rates import write_goal_rates
from kpm.strategies.models import Strategy
from kpm.strategies.services import hold_for_harm


@dataclass(frozen=True)
class Stock:
    """What a day brought: outcomes, and how many effects and goal rates changed, how many versions were stopped."""

    measured: Measured
    effects: int
    rates: int
    stopped: int


def take_stock(*, day: date, now: datetime) -> Stock:
    """This will measure the windows that closed up to `day`, and write the effects and goal rates that follow.

    A live version that does harm is stopped. Each of the four is a transaction of its own that ends the same however
    often it runs.
    """
    measured = measure(day=day, now=now)
    effects = snapshot_effects(day=day)
    return Stock(measured, effects, write_goal_rates(day=day), stop_harmful(day=day, now=now))


@transaction.atomic
def stop_harmful(*, day: date, now: datetime) -> int:
    """This will hold every live version whose newest effect is harmful; how many were not held before.

    A version in pilot or rolling out is judged on its own, and taken back.
    """
    live = Strategy.objects.filter(live_version__isnull=False).values("live_version")
    rows = EffectSnapshot.objects.filter(version__in=live, branch=None, month=None, day__lte=day)
    newest = rows.order_by("version_id", "-day").distinct("version_id").select_related("version__strategy")
    harmful = [row for row in newest if row.state == EffectSnapshot.State.HARMFUL]
    return sum(
        hold_for_harm(version=row.version, found=row.difference or 0, limit=row.daily_upper or 0, now=now)
        for row in harmful
    )
