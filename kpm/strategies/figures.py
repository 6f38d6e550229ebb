"""The figures of launching and of the breaker, from their seed files (STRATEGY 8.3 and 8.4)."""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

SEEDS = Path(__file__).resolve().parent / "seeds"


@dataclass(frozen=True)
class Launch:
    """See the comments in launch.yaml."""

    service_above: int
    band_share: float
    band_sigmas: float
    band_least: int
    holdout: dict[str, int]
    case_holdout: int
    plan: list[dict[str, Any]]
    least_branches: int
    closed_days: int
    guardrails: dict[str, Any]
    capacity: float
    doubt: float


@lru_cache(maxsize=1)
def launch() -> Launch:
    """Return the figures of launching of this installation."""
    return Launch(**yaml.safe_load((SEEDS / "launch.yaml").read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Breaker:
    """See the comments in breaker.yaml."""

    runs: int
    least_runs: int
    times: float
    least_hits: int
    share: float
    nights: int
    least_nights: int
    unknown_more: float
    median_times: float
    released_times: float
    alarm_minutes: int


@lru_cache(maxsize=1)
def breaker() -> Breaker:
    """Return the figures of the breaker of this installation."""
    return Breaker(**yaml.safe_load((SEEDS / "breaker.yaml").read_text(encoding="utf-8")))


def breaker_of(own: dict[str, Any]) -> Breaker:
    """Return the figures for a version with these of its own; names that the breaker does not know count nothing."""
    known = {name: value for name, value in own.items() if name in Breaker.__dataclass_fields__}
    return replace(breaker(), **known)
