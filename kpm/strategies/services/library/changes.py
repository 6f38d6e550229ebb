"""What a load changes about a strategy, field by field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kpm.strategies.models import StrategyVersion

# What follows from the condition is no change of its own.
DERIVED = frozenset({"normalised", "condition_hash", "leaves", "features", "shown", "catalogue_version"})
LONGEST = 200  # characters of a value that are shown


@dataclass(frozen=True)
class Change:
    """One field with what it said and what it says now."""

    field: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.field}: {_short(self.before)} -> {_short(self.after)}"


def changes(before: StrategyVersion, wanted: Mapping[str, Any]) -> Iterator[Change]:
    """Return the fields of a version that an entry says anew, in the order of their names."""
    for name in sorted(wanted.keys() - DERIVED):
        if getattr(before, name) != wanted[name]:
            yield Change(name, getattr(before, name), wanted[name])


def _short(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
