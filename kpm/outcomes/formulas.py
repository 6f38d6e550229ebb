"""The formulas of comparing two arms (STRATEGY 9.2): plain arithmetic, no tables, no state."""

from dataclasses import dataclass
from math import erfc, log, sqrt

Z = 1.96  # 95 %
ALPHA = 0.05


@dataclass(frozen=True)
class Arm:
    """Of `n` clients' hits with a known outcome `x` reached the goal; of `missing` more it is not known."""

    n: int
    x: int
    missing: int = 0

    @property
    def rate(self) -> float | None:
        """The share that reached the goal, None of nobody."""
        return self.x / self.n if self.n else None

    @property
    def total(self) -> int:
        """Everybody, known or not."""
        return self.n + self.missing


@dataclass(frozen=True)
class Interval:
    """An estimate with its lower and upper bound."""

    value: float
    lower: float
    upper: float


def wilson(arm: Arm, z: float = Z) -> Interval | None:
    """Return the rate of an arm with its Wilson interval; None of nobody."""
    p = arm.rate
    if p is None:
        return None
    z2 = z * z / arm.n
    centre = (p + z2 / 2) / (1 + z2)
    half = z * sqrt(p * (1 - p) / arm.n + z2 / (4 * arm.n)) / (1 + z2)
    return Interval(p, max(centre - half, 0.0), min(centre + half, 1.0))


def newcombe(treated: Arm, held: Arm, z: float = Z) -> Interval | None:
    """Return the difference of rates, treated less held out, with Newcombe's interval; None without both arms."""
    one, two = wilson(treated, z), wilson(held, z)
    if one is None or two is None:
        return None
    d = one.value - two.value
    down = sqrt((one.value - one.lower) ** 2 + (two.upper - two.value) ** 2)
    up = sqrt((one.upper - one.value) ** 2 + (two.value - two.lower) ** 2)
    return Interval(d, d - down, d + up)


def variance(arm: Arm) -> float:
    """Return the variance of an arm's rate, with one success and one failure added: no arm is certain (Agresti, Caffo).

    The arm has somebody.
    """
    p = (arm.x + 1) / (arm.n + 2)
    return p * (1 - p) / (arm.n + 2)


def any_time(treated: Arm, held: Arm, planned: int) -> Interval | None:
    """Return the difference of rates with an interval that may be looked at every day; None without both arms.

    It is narrowest, for its kind, when both arms together have `planned` outcomes.
    """
    one, two = treated.rate, held.rate
    if one is None or two is None:
        return None
    n = treated.n + held.n
    spread = sqrt(n * (variance(treated) + variance(held)))
    rho2 = (-2 * log(ALPHA) + log(-2 * log(ALPHA) + 1)) / max(planned, 1)
    half = spread * sqrt(2 * (n * rho2 + 1) / (n * n * rho2) * log(sqrt(n * rho2 + 1) / ALPHA))
    return Interval(one - two, one - two - half, one - two + half)


def sample_ratio(treated: int, held: int, share: float) -> float:
    """Return the chance of arms so uneven when a `share` (between 0 and 1) of all is held out: chi-squared, 1 df."""
    total = treated + held
    if not total or not 0 < share < 1:
        return 1.0
    expected = total * share
    return chance((held - expected) ** 2 / expected + (treated - total + expected) ** 2 / (total - expected))


def missing_differs(treated: Arm, held: Arm) -> float:
    """Return the chance that equal arms miss so different shares of their outcomes: chi-squared of two by two."""
    rows, total = (treated, held), treated.total + held.total
    missing = treated.missing + held.missing
    if not missing or missing == total or not all(arm.total for arm in rows):
        return 1.0
    cells = [(seen, arm.total * part / total) for arm in rows for seen, part in _cells(arm, missing, total)]
    return chance(sum((seen - expected) ** 2 / expected for seen, expected in cells))


def _cells(arm: Arm, missing: int, total: int) -> list[tuple[int, int]]:
    return [(arm.missing, missing), (arm.n, total - missing)]


def chance(chi2: float) -> float:
    """Return the chance of a chi-squared with one degree of freedom to be at least this large."""
    return erfc(sqrt(chi2 / 2))
