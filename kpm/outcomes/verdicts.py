"""What may be said of the effect of a version, the first rule that applies: plain rules, no tables (STRATEGY 9.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil

from kpm.outcomes.figures import Figures
from kpm.outcomes.formulas import Arm, Interval, any_time
from kpm.outcomes.models import EffectSnapshot

State = EffectSnapshot.State
NOBODY = Arm(0, 0)


@dataclass(frozen=True)
class Plan:
    """What was fixed on a version's first night: the smallest difference worth finding (a share), the outcomes of both
    arms that show it, and the trading days before anything is concluded.
    """

    mde: float
    sample: int
    min_days: int


@dataclass(frozen=True)
class Look:
    """The newest planned look: the difference with the bounds of its own limit, and whether it stays among all
    versions that were looked at in that month.
    """

    share: float
    found: Interval
    passed: bool


@dataclass(frozen=True)
class Shown:
    """What a version has shown: both arms, trading days since its first outcome, outcomes of the middle one of its last
    trading days, what stands against reading it, and which answer of clients came too often.
    """

    treated: Arm = NOBODY
    held: Arm = NOBODY
    days: int = 0
    daily: float = 0.0
    unhealthy: tuple[str, ...] = ()
    crossed: str = ""
    look: Look | None = None

    @property
    def known(self) -> int:
        """Outcomes of both arms."""
        return self.treated.n + self.held.n

    @property
    def smaller(self) -> int:
        """Outcomes of the smaller arm."""
        return min(self.treated.n, self.held.n)


def due(plan: Plan, known: int, done: float, looks: Mapping[float, float]) -> float | None:
    """Return the share of the plan at which it is to be looked now, None at none; of several that passed the last.

    `done` is the share of the last look, `looks` the limits of z by their shares.
    """
    passed = [share for share in looks if share > done and known >= share * plan.sample]
    return max(passed, default=None)


def daily_interval(plan: Plan, shown: Shown, known: Figures) -> Interval | None:
    """Return the difference with an interval that may be looked at every day; None while an arm is too small for it."""
    if shown.smaller < known.least_for_harm:
        return None
    return any_time(shown.treated, shown.held, plan.sample)


def days_left(plan: Plan, shown: Shown) -> int | None:
    """Return the trading days until the plan is full at the pace of now; None without a pace, 0 when it is full."""
    missing = plan.sample - shown.known
    if missing <= 0:
        return 0
    return ceil(missing / shown.daily) if shown.daily else None


def state_of(plan: Plan, shown: Shown, known: Figures) -> State:
    """Return how far the effect of a version may be read."""
    found = daily_interval(plan, shown, known)
    left, look = days_left(plan, shown), shown.look
    rules = (
        (bool(shown.unhealthy), State.UNHEALTHY),
        (bool(shown.crossed) or (found is not None and found.upper < 0), State.HARMFUL),
        (shown.days < plan.min_days or shown.smaller < known.least_outcomes, State.COLLECTING),
        (left is not None and 0 < left <= known.days_left_most, State.DAYS_LEFT),
        (look is not None and look.passed and look.found.lower > 0, State.WORKS),
        (look is not None and -plan.mde < look.found.lower and look.found.upper < plan.mde, State.NO_EFFECT),
        (left == 0, State.REVIEW),
    )
    return next((state for applies, state in rules if applies), State.COLLECTING)


@dataclass(frozen=True)
class Health:
    """What may stand against comparing arms: chances of accidents, and the share of the held out who were treated."""

    chances: Mapping[str, float] = field(default_factory=dict)
    held_treated: float = 0.0

    def faults(self, known: Figures) -> tuple[str, ...]:
        """Name what is no accident."""
        found = [name for name, chance in self.chances.items() if chance < known.unhealthy_p]
        return (*found, *(["held_treated"] if self.held_treated > known.held_treated_most else []))
