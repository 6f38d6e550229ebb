"""Loads strategies from YAML in the library's field names into immutable versions.

The mapping (`trigger` → condition, `cooldown_days` → cool-down in days, `message`/`steps` → codes of the template and
playbook that the floor above makes from the same file) follows ARCHITECTURE 2. Loading the same file again changes
nothing; a changed entry becomes the next version, which goes live where the one before it was live: what an
administrator paused or replaced stays as he left it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from kpm.engine.check import check
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.members import named_in
from kpm.strategies.models import Purpose, Strategy, StrategyVersion
from kpm.strategies.services.compiling import compiled, next_number

FOLDER = Path(__file__).resolve().parent.parent / "catalogue"
STRATEGY_FIELDS = ("lifecycle", "business", "family")
PLAIN = ("purpose", "action", "handler", "schedule", "priority", "holdout_pct", "occurrence", "suitability_gate")
WORDS: dict[str, list[str]] = {
    "purpose": Purpose.values,
    "action": StrategyVersion.Action.values,
    "handler": StrategyVersion.Handler.values,
    "cooldown_unit": StrategyVersion.Unit.values,
}
UNBUILT = {StrategyVersion.Action.PUSH_THEN_TASK, StrategyVersion.Action.TASK_THEN_PUSH}
PLAIN_OCCURRENCES = {"client", "trading_day", "year"}
NOT_CONTENT = "catalogue_version"  # a comment in the catalogue makes no new version of every strategy
OPTIONAL = ("sla_hours", "task_after_hours", "note", "occurrence_from", "product_level_from")


class LibraryFault(Exception):
    """A strategy of the file cannot be loaded; `faults` has one sentence per fault, each naming its strategy."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


@dataclass
class Loaded:
    """What a load did, by strategy code."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


def read_library(path: Path | None = None) -> list[dict[str, Any]]:
    """Return the entries of one file, or of every file of the shipped library."""
    files = [path] if path else sorted(FOLDER.glob("*.yaml"))
    return [entry for file in files for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["strategies"]]


@transaction.atomic
def load_library(*, entries: list[dict[str, Any]], now: datetime) -> Loaded:
    """This will load all entries or none; raises LibraryFault with every fault of every entry."""
    faults = [fault for entry in entries for fault in faults_of(entry)]
    if faults:
        raise LibraryFault(faults)
    loaded = Loaded()
    for entry in entries:
        getattr(loaded, _load(entry, now)).append(entry["code"])
    return loaded


def faults_of(entry: dict[str, Any]) -> list[str]:
    """Return what is wrong with one entry, a sentence a fault."""
    code = entry.get("code", "?")
    missing = [key for key in ("name", "name_en", "trigger", *STRATEGY_FIELDS, *PLAIN) if key not in entry]
    if missing:
        return [f"{code}: {', '.join(missing)} is missing."]
    return [f"{code}: {fault}" for fault in (*_wrong_words(entry), *_wrong_condition(entry), *_wrong_texts(entry))]


def _wrong_words(entry: dict[str, Any]) -> list[str]:
    """Values that are not among the words of their column."""
    faults = []
    for key, known in WORDS.items():
        if key in entry and entry[key] not in known:
            faults.append(f"{key} is {entry[key]!r}; it must be one of {', '.join(known)}.")
    if entry["action"] in UNBUILT:
        faults.append(f"action {entry['action']} is not delivered yet; split it into a message and a task.")
    if entry["occurrence"] not in PLAIN_OCCURRENCES and not entry.get("occurrence_from"):
        faults.append(f"occurrence {entry['occurrence']} needs occurrence_from, the feature that names its object.")
    if entry["suitability_gate"] and not _level_feature(entry):
        faults.append("a product needs product_level_from, a feature with unit level.")
    if entry["purpose"] in ("risk", "regulatory") and entry["holdout_pct"]:
        faults.append(f"nobody is held out of {entry['purpose']} strategies; holdout_pct must be 0.")
    return faults


def _level_feature(entry: dict[str, Any]) -> bool:
    name = entry.get("product_level_from", "")
    return name in catalogue() and catalogue()[name].is_number


def _wrong_condition(entry: dict[str, Any]) -> list[str]:
    return [problem.message for problem in check(entry["trigger"], catalogue()).problems]


def _wrong_texts(entry: dict[str, Any]) -> list[str]:
    """Texts that the action needs and does not have, or that name what the catalogue does not have."""
    message, steps = entry.get("message") or {}, entry.get("steps") or []
    faults = []
    if unknown := [name for name in named_in(*message.values(), *steps) if name not in catalogue()]:
        faults.append(f"its texts name {', '.join(unknown)}, which the catalogue does not have.")
    if "task" in entry["action"] and not steps:
        faults.append("a task needs steps.")
    if "push" in entry["action"] and not (message.get("title") and message.get("body")):
        faults.append("a message needs a title and a text.")
    return faults


def _load(entry: dict[str, Any], now: datetime) -> str:
    strategy, _created = Strategy.objects.update_or_create(
        code=entry["code"],
        defaults={"name_zh": entry["name"], "name_en": entry["name_en"]} | {k: entry[k] for k in STRATEGY_FIELDS},
    )
    wanted = _content(entry)
    before = strategy.versions.filter(author__isnull=True, submitted_at__isnull=False).order_by("-number").first()
    if before and all(getattr(before, key) == value for key, value in wanted.items() if key != NOT_CONTENT):
        return "unchanged"
    version = StrategyVersion.objects.create(
        strategy=strategy, number=next_number(strategy), parent=before, submitted_at=now, **wanted
    )
    was_live = strategy.status == Strategy.Status.LIVE and strategy.live_version_id == getattr(before, "pk", None)
    if was_live if before else entry.get("active_by_default"):
        strategy.live_version, strategy.status = version, Strategy.Status.LIVE
        strategy.save(update_fields=["live_version", "status"])
    return "changed" if before else "new"


def _content(entry: dict[str, Any]) -> dict[str, Any]:
    """The library's fields as columns of a version."""
    outcome = entry.get("outcome", {})
    return {
        **{key: entry[key] for key in PLAIN},
        **{key: entry.get(key, getattr(StrategyVersion(), key)) for key in OPTIONAL},
        "condition": entry["trigger"],
        **compiled(entry["trigger"]),
        "shown": list(named_in(*(entry.get("message") or {}).values(), *(entry.get("steps") or []))),
        "goal": outcome.get("success", ""),
        "goal_window": outcome.get("within_days"),
        "goal_judged": outcome.get("judged", ""),
        "cooldown_n": entry.get("cooldown_days", entry.get("cooldown_n", 0)),
        "cooldown_unit": entry.get("cooldown_unit", StrategyVersion.Unit.DAYS),
        "channels": entry.get("channel", []),
        "template_code": entry["code"] if entry.get("message") else "",
        "playbook_code": entry["code"] if entry.get("steps") else "",
    }
