"""What a hit is worth before anything is learned, from the seed file (STRATEGY 6)."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from clients.shared import yamls

FILE = Path(__file__).resolve().parent / "seeds" / "scores.yaml"


@dataclass(frozen=True)
class Scores:
    """The goal rate of a family without one, and the value in CNY of a version without one, by its priority.

    `context` are the figures of the context weight, `explored` the share of slots that explore; see scores.yaml.
    """

    goal_rate: float
    values: dict[int, float]
    context: dict[str, float]
    explored: float


@lru_cache(maxsize=1)
def scores() -> Scores:
    """Return the defaults of this installation."""
    found = yamls.load(FILE.read_text(encoding="utf-8"))
    return Scores(
        goal_rate=float(found["default_goal_rate"]),
        values={int(k): float(v) for k, v in found["value_by_priority"].items()},
        context={k: float(v) for k, v in found["context"].items()},
        explored=float(found["explored_share"]),
    )
