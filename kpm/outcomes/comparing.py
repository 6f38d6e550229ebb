"""Comparing arms within groups, many versions at once, and how many outcomes a comparison needs (STRATEGY 9.2)."""

from collections.abc import Iterable, Mapping, Sequence
from math import ceil, erfc, sqrt
from typing import TypeVar

from kpm.outcomes.formulas import Arm, Interval, Z, variance

POWER_Z = 0.84  # one real difference in five is missed
Key = TypeVar("Key")
Cell = tuple[Arm, Arm]  # treated, held out


def stratified(cells: Iterable[Cell], *, least: int) -> tuple[Interval, float] | None:
    """Return the difference of rates within groups of clients, with its interval of 95 %, and its standard error.

    Each group weighs as much as it has outcomes. Groups with fewer than `least` outcomes in an arm are taken together;
    None where even together they are too few and there is no other.
    """
    parts = _joined(list(cells), least)
    total = sum(one.n + two.n for one, two in parts)
    if not total:
        return None
    weights = [((one.n + two.n) / total, one, two) for one, two in parts]
    d = sum(w * (one.x / one.n - two.x / two.n) for w, one, two in weights)
    error = sqrt(sum(w * w * (variance(one) + variance(two)) for w, one, two in weights))
    return Interval(d, d - Z * error, d + Z * error), error


def _joined(cells: Sequence[Cell], least: int) -> list[Cell]:
    large = [cell for cell in cells if min(cell[0].n, cell[1].n) >= least]
    small = [cell for cell in cells if min(cell[0].n, cell[1].n) < least]
    rest = tuple(Arm(sum(cell[i].n for cell in small), sum(cell[i].x for cell in small)) for i in (0, 1))
    if min(rest[0].n, rest[1].n) >= (least if large else 1):
        large.append((rest[0], rest[1]))
    return large


def at_limit(found: Interval, error: float, z: float) -> Interval:
    """Return the same difference with the bounds of another limit of z."""
    return Interval(found.value, found.value - z * error, found.value + z * error)


def p_value(found: Interval, error: float) -> float:
    """Return the chance of a difference at least this large, to either side, where there is none."""
    return erfc(abs(found.value) / error / sqrt(2)) if error else 1.0


def sample(base: float, mde: float, share: float) -> int:
    """Return how many outcomes, of both arms, show a difference `mde` from a rate `base` four times in five.

    `share` of them is held out; all three lie between 0 and 1. Raises ValueError outside of that.
    """
    if not (0 < share < 1 and 0 < mde < 1 and 0 <= base <= 1):
        raise ValueError(f"A sample needs shares between 0 and 1: base {base}, mde {mde}, held out {share}.")
    better = min(base + mde, 1.0)
    spread = better * (1 - better) / (1 - share) + base * (1 - base) / share
    return max(ceil((Z + POWER_Z) ** 2 * spread / mde**2), 1)


def discoveries(p_values: Mapping[Key, float], q: float) -> set[Key]:
    """Return those that stay when of all that are called found at most a share `q` is to be false.

    Benjamini and Hochberg, 1995: the largest k with the k-th smallest p at most k q / m, and all below it.
    """
    ordered = sorted(p_values, key=lambda key: p_values[key])
    passed = [k for k, key in enumerate(ordered, start=1) if p_values[key] <= k * q / len(ordered)]
    return set(ordered[: passed[-1]]) if passed else set()
