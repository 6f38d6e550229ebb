"""The figures of measuring that an installation may tune (measuring.yaml), and the sources that outcomes wait for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from clients.shared import yamls

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Figures:
    """See the comments in measuring.yaml; days are natural days."""

    catch_up_days: int
    look_again_days: int
    least_outcomes: int
    least_for_harm: int
    plan: Mapping[str, float]
    looks: Mapping[float, float]
    false_discoveries: float
    days_left_most: int
    pace_days: int
    stratum_least: int
    held_treated_most: float
    unhealthy_p: float
    rate_days: int
    rate_m_least: int
    rate_m_most: int
    board_days: int
    positive_responses: Sequence[str]
    verdicts: Mapping[str, Sequence[str]]
    margin_bins: int
    margin_least: int
    margin_most: int


@lru_cache(maxsize=1)
def figures() -> Figures:
    """Return the figures of this installation."""
    return Figures(**yamls.load((HERE / "measuring.yaml").read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def waiting() -> Mapping[str, Mapping[str, str]]:
    """Return for each outcome that nothing writes yet the source it waits for, by language (zh, en)."""
    found: dict[str, dict[str, str]] = yamls.load((HERE / "metrics/waiting.yaml").read_text(encoding="utf-8"))
    return found
