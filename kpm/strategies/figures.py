"""The figures of launching and of the breaker, from their seed files (STRATEGY 8.3 and 8.4)."""

from dataclasses import dataclass
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
    plan: list[dict[str, Any]]
    least_branches: int
    closed_days: int
    guardrails: dict[str, Any]
    capacity: float


@lru_cache(maxsize=1)
def launch() -> Launch:
    """Return the figures of launching of this installation."""
    return Launch(**yaml.safe_load((SEEDS / "launch.yaml").read_text(encoding="utf-8")))
