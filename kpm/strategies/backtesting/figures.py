"""The figures of back-tests that an installation may tune (seeds/backtest.yaml)."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

FILE = Path(__file__).resolve().parents[1] / "seeds" / "backtest.yaml"


@dataclass(frozen=True)
class Figures:
    """See the comments in backtest.yaml."""

    days: int
    most_days: int
    sample_days: int
    sample_hits: int
    busiest: int
    at_once: int


@lru_cache(maxsize=1)
def figures() -> Figures:
    """Return the figures of this installation."""
    return Figures(**yaml.safe_load(FILE.read_text(encoding="utf-8")))
