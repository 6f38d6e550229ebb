"""What an entry of the library says, as columns of a strategy and of a version."""

from typing import Any

from kpm.strategies.members import named_in
from kpm.strategies.models import StrategyVersion
from kpm.strategies.services.compiling import compiled
from kpm.strategies.services.library.anchors import anchor_of
from kpm.strategies.services.library.entries import Entry
from kpm.strategies.services.library.goals import goal_columns
from kpm.strategies.vocabulary import words

PLAIN = ("purpose", "action", "handler", "schedule", "priority", "occurrence", "suitability_gate")
OPTIONAL = ("sla_hours", "task_after_hours", "note", "product_level_from", "product_level", "permission_code")
STRATEGY_FIELDS = ("lifecycle", "business", "family")


def strategy_columns(entry: Entry) -> dict[str, Any]:
    """Return the columns of the lasting strategy."""
    return {"name_zh": entry["name"], "name_en": entry["name_en"]} | {key: entry[key] for key in STRATEGY_FIELDS}


def version_columns(entry: Entry) -> dict[str, Any]:
    """Return the columns of a version; the entry has passed `faults_of`."""
    empty = StrategyVersion()
    clock = StrategyVersion.Clock.HOURS if entry["family"] in words().clock_families else StrategyVersion.Clock.SERVICE
    return {
        **{key: entry[key] for key in PLAIN},
        **{key: entry.get(key, getattr(empty, key)) for key in OPTIONAL},
        "condition": entry["trigger"],
        **compiled(entry["trigger"]),
        "shown": list(named_in(*texts_of(entry))),
        **goal_columns(entry),
        "occurrence_from": ", ".join(anchor_of(entry).features),
        "cooldown_n": entry["cooldown_days"],
        "cooldown_unit": entry.get("cooldown_unit", StrategyVersion.Unit.DAYS),
        "sla_clock": clock,
        "channels": entry["channel"],
        "template_code": entry["code"] if entry.get("message") else "",
        "playbook_code": entry["code"] if entry.get("steps") else "",
    }


def texts_of(entry: Entry) -> list[str]:
    """Return every text of an entry that a client reads or hears."""
    return [*(entry.get("message") or {}).values(), *(entry.get("steps") or [])]
