"""The figures of cases.yaml."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from clients.shared import yamls

HERE = Path(__file__).resolve().parent
OF_THE_SEARCH = (
    "depth", "bins", "least_in_rule", "resamples", "stable_share", "most_rules", "spare", "alike",
)  # fmt: skip


@dataclass(frozen=True)
class CaseFigures:
    """See the comments in cases.yaml."""

    least_served: int
    others_each: int
    depth: int
    bins: int
    least_in_rule: int
    resamples: int
    stable_share: float
    most_rules: int
    spare: float
    alike: float
    most_minutes: int
    most_days_ago: int
    look_back_days: int
    left_out_groups: Sequence[str]
    left_out: Sequence[str]
    matched: Sequence[str]


@lru_cache(maxsize=1)
def figures() -> CaseFigures:
    """Return the figures of this installation."""
    return CaseFigures(**yamls.load((HERE / "cases.yaml").read_text(encoding="utf-8")))


def of_the_search() -> dict[str, float]:
    """Return those that the search in its own process reads."""
    return {name: getattr(figures(), name) for name in OF_THE_SEARCH}
