"""What may be changed about news without touching code: licences, names that need a code, words that tell an event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from clients.shared import yamls

FILE = Path(__file__).resolve().parent / "rules.yaml"


@dataclass(frozen=True)
class Words:
    """When a title reports an event: all words of one entry of `any` stand in it, and no entry of `none`."""

    any: Sequence[Sequence[str]]
    none: Sequence[str]

    def told_by(self, title: str) -> bool:
        """Whether the title reports it."""
        told = any(all(word in title for word in entry) for entry in self.any)
        return told and not any(entry in title for entry in self.none)


@dataclass(frozen=True)
class Rules:
    """The content of rules.yaml, which says what each entry means."""

    licences: Sequence[str]
    minutes_ahead: int
    longest_title: int
    shortest_name: int
    lead: int
    most_named: int
    at_once: int
    common_names: frozenset[str]
    name_prefixes: Sequence[str]
    name_suffixes: Sequence[str]
    no_code_before: Sequence[str]
    no_code_behind: Sequence[str]
    denials: Sequence[str]
    events: Mapping[str, Words]

    def events_of(self, title: str) -> list[str]:
        """Return the kinds of events that a title reports."""
        if any(word in title for word in self.denials):
            return []
        return [kind for kind, words in self.events.items() if words.told_by(title)]


@lru_cache(maxsize=1)
def rules() -> Rules:
    """Return the rules of the house."""
    found: dict[str, Any] = yamls.load(FILE.read_text(encoding="utf-8"))
    events = {kind: Words([entry.split() for entry in words["any"]], words["none"]) for kind, words in
              found["events"].items()}  # fmt: skip
    return Rules(**{**found, "common_names": frozenset(found["common_names"]), "events": events})
