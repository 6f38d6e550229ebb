"""What a benchmark gives back."""

from dataclasses import asdict, dataclass, field
from typing import Any


class NotMeasured(Exception):
    """Something did not happen as it should: the figures would mean nothing."""


@dataclass(frozen=True)
class Result:
    """`ratios` compare with the peer of the same run (fixed names), `cpu_s` are CPU seconds, `facts` all else."""

    name: str
    ratios: dict[str, float] = field(default_factory=dict)
    cpu_s: dict[str, float] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def words(self) -> dict[str, Any]:
        """Return the one JSON object of the command."""
        return asdict(self)
