"""Everything that can be wrong with an entry of the library, each said with its place and what would be right."""

import difflib
import re
from collections.abc import Callable, Iterator
from typing import Any

from clients.register.models import PermissionRule
from kpm.engine.catalogue import Catalogue
from kpm.engine.check import check
from kpm.engine.goals import check_goal
from kpm.engine.problem import Problem
from kpm.strategies.buying import sells_as
from kpm.strategies.catalogue_of import catalogue, outcomes
from kpm.strategies.contact import NEVER_STOPPED
from kpm.strategies.models import Purpose, Strategy, StrategyVersion
from kpm.strategies.services.library.anchors import anchor_of, needs_anchor
from kpm.strategies.services.library.content import texts_of
from kpm.strategies.services.library.entries import Entry, Fault
from kpm.strategies.services.library.goals import goal_of
from kpm.strategies.vocabulary import words

NUMBER = (int, float)
REQUIRED: dict[str, type | tuple[type, ...]] = {
    "code": str, "name": str, "name_en": str, "lifecycle": str, "business": str, "purpose": str, "family": str,
    "trigger": str, "action": str, "handler": str, "channel": list, "schedule": str, "cooldown_days": int,
    "priority": int, "outcome": dict, "suitability_gate": bool, "occurrence": str, "holdout_pct": NUMBER,
    "active_by_default": bool,
}  # fmt: skip
OPTIONAL: dict[str, type | tuple[type, ...]] = {
    "sla_hours": int, "task_after_hours": int, "message": dict, "steps": list, "note": str, "cooldown_unit": str,
    "occurrence_from": str, "product_level_from": str, "product_level": int, "permission_code": str, "goal": str,
    "holdout_reason": str,
}  # fmt: skip
SAID = {
    str: "a text",
    list: "a list",
    int: "a whole number",
    dict: "a mapping",
    bool: "true or false",
    NUMBER: "a number",
}
OUTCOME = {"success": str, "within_days": int, "judged": str}
COLUMNS = {
    "code": (Strategy, "code"), "name": (Strategy, "name_zh"), "name_en": (Strategy, "name_en"),
    "family": (Strategy, "family"), "occurrence_from": (StrategyVersion, "occurrence_from"),
}  # fmt: skip
CHOICES = {
    "lifecycle": Strategy.Lifecycle.values, "business": Strategy.Business.values, "purpose": Purpose.values,
    "action": StrategyVersion.Action.values, "handler": StrategyVersion.Handler.values,
    "cooldown_unit": StrategyVersion.Unit.values,
}  # fmt: skip
OF_THE_LIBRARY = ("schedule", "occurrence", "family")
RANGES = {"priority": (1, 5), "holdout_pct": (0, 50), "cooldown_days": (0, 3650), "sla_hours": (1, 3650),
          "task_after_hours": (0, 3650), "product_level": (1, 5)}  # fmt: skip
LEVELS = ("product_level_from", "product_level", "permission_code")
HOLE = re.compile(r"\{([^{}]*)\}")
Said = Iterator[tuple[str, str]]


def faults_of(entry: Entry) -> list[Fault]:
    """Return what is wrong with one entry; the meaning is looked at only when its shape is right."""
    said = list(_shape(entry)) or list(_words(entry)) or [fault for look in LOOKS for fault in look(entry)]
    return [entry.fault(key, text) for key, text in said]


def _shape(entry: Entry) -> Said:
    for key in REQUIRED:
        if entry.get(key) is None:
            yield "code", f"{key} is missing."
    for key, value in entry.items():
        kind = REQUIRED.get(key) or OPTIONAL.get(key)
        if kind is None:
            yield key, f"{key} is no key of an entry{_near(key, [*REQUIRED, *OPTIONAL])}."
        elif not _is(value, kind):
            yield key, f"{key} is {value!r}; it must be {SAID[kind]}."
    yield from _inner_shapes(entry)


def _inner_shapes(entry: Entry) -> Said:
    outcome, message = entry.get("outcome"), entry.get("message")
    if isinstance(outcome, dict) and not (
        set(outcome) == set(OUTCOME) and all(_is(outcome[key], kind) for key, kind in OUTCOME.items())
    ):
        yield "outcome", "outcome has success (a condition), within_days (a number) and judged, and nothing else."
    for key in ("channel", "steps"):
        texts = entry.get(key)
        if isinstance(texts, list) and not all(isinstance(text, str) for text in texts):
            yield key, f"{key} is a list of texts."
    if isinstance(message, dict) and not all(isinstance(text, str) for text in message.values()):
        yield "message", "a message has a title and a body, both texts."


def _is(value: Any, kind: type | tuple[type, ...]) -> bool:
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def _words(entry: Entry) -> Said:
    """Values that are not among the words of their key, out of range, or longer than their column."""
    known = {**CHOICES, **{key: sorted(words().enums[key]) for key in OF_THE_LIBRARY}}
    for key, values in known.items():
        if key in entry and entry[key] not in values:
            yield key, f"{key} is {entry[key]!r}; it must be one of {', '.join(values)}{_near(entry[key], values)}."
    for channel in entry["channel"]:
        if channel not in words().enums["channel"]:
            yield "channel", f"channel {channel!r} is none of {', '.join(sorted(words().enums['channel']))}."
    if entry["outcome"]["judged"] not in words().enums["judged"]:
        yield "outcome", f"judged is {entry['outcome']['judged']!r}; it must be any_time or at_end."
    yield from _sizes(entry)


def _sizes(entry: Entry) -> Said:
    for key, (low, high) in RANGES.items():
        if key in entry and not low <= entry[key] <= high:
            yield key, f"{key} is {entry[key]}; it must be from {low} to {high}."
    for key, (model, column) in COLUMNS.items():
        most = getattr(model._meta.get_field(column), "max_length", 0)
        if len(entry.get(key, "")) > most:
            yield key, f"{key} has {len(entry[key])} characters; at most {most} are possible."
    if not 1 <= entry["outcome"]["within_days"] <= 3650:
        yield "outcome", f"within_days is {entry['outcome']['within_days']}; it must be from 1 to 3650."


def _condition(entry: Entry) -> Said:
    for problem in check(entry["trigger"], catalogue()).problems:
        yield "trigger", _sentence("trigger", problem)


def _goal(entry: Entry) -> Said:
    success = entry["outcome"]["success"]
    for problem in check(success, outcomes()).problems:
        yield "outcome", _sentence("success", problem)
    if entry.get("goal"):
        for problem in check_goal(entry["goal"], outcomes()).problems:
            yield "goal", _sentence("goal", problem)
    if names := sells_as(entry["purpose"], goal_of(entry).text):
        yield "purpose", f"its goal is a purchase ({', '.join(names)}), so its purpose must be marketing."


def _sentence(key: str, problem: Problem) -> str:
    at = "" if problem.position is None else f" at character {problem.position + 1}"
    return f"{key}{at}: {problem.message}"


def _held_out(entry: Entry) -> Said:
    reason, share = entry.get("holdout_reason"), entry["holdout_pct"]
    if entry["purpose"] in NEVER_STOPPED:
        if share:
            yield "holdout_pct", f"nobody is held out of {entry['purpose']} strategies; holdout_pct must be 0."
        return
    known = ", ".join(words().holdout_reasons)
    if reason and reason not in words().holdout_reasons:
        yield "holdout_reason", f"holdout_reason is {reason!r}; it must be one of {known}."
    if reason and share:
        yield "holdout_reason", f"holdout_reason says why nobody is held out, but holdout_pct is {share}."
    if not share and not reason and goal_of(entry).text:
        yield "holdout_pct", f"nobody is held out; holdout_reason must say why ({known})."


def _object(entry: Entry) -> Said:
    if not needs_anchor(entry):
        return
    names = anchor_of(entry).features
    if not names:
        yield (
            "occurrence",
            (
                f"no feature of its condition speaks of its object ({entry['occurrence']}); "
                "occurrence_from must name the one that does."
            ),
        )
    for name in names:
        if name not in catalogue():
            yield "occurrence_from", f"occurrence_from names {_unknown(name, catalogue())}."


def _product(entry: Entry) -> Said:
    named = [key for key in LEVELS if entry.get(key)]
    if entry["suitability_gate"] and len(named) != 1:
        found = " and ".join(named) or "none of them"
        yield "suitability_gate", f"what it offers needs exactly one of {', '.join(LEVELS)}; there is {found}."
    if named and not entry["suitability_gate"]:
        yield named[0], f"{named[0]} stands without suitability_gate: true."
    name = entry.get("product_level_from")
    if name and not (name in catalogue() and catalogue()[name].unit == "level"):
        yield "product_level_from", f"product_level_from is {name}; it must be a feature of the unit level."
    code = entry.get("permission_code")
    if code and not PermissionRule.objects.filter(code=code).exists():
        codes = PermissionRule.objects.order_by("code").values_list("code", flat=True).distinct()
        yield "permission_code", f"there is no permission rule {code}; there are {', '.join(codes)}."


def _texts(entry: Entry) -> Said:
    """Texts that the action needs and does not have, and what no text may say."""
    message = entry.get("message") or {}
    if "task" in entry["action"] and not entry.get("steps"):
        yield "steps", "a task needs steps."
    if "push" in entry["action"] and not (message.get("title") and message.get("body")):
        yield "message", "a message needs a title and a text."
    for text in texts_of(entry):
        key = "message" if text in message.values() else "steps"
        for name in HOLE.findall(text):
            if name not in catalogue():
                yield key, f"its texts name {_unknown(name, catalogue())}."
        for banned in words().forbidden:
            if banned.stands_in(text):
                yield key, f"its texts say {banned.word}, which promises too much."


def _unknown(name: str, known: Catalogue) -> str:
    return f"{name}, which the catalogue does not have{_near(name, list(known.features))}"


def _near(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(str(word), known, n=3, cutoff=0.6)
    return f" (near: {', '.join(close)})" if close else ""


LOOKS: tuple[Callable[[Entry], Said], ...] = (_condition, _goal, _held_out, _object, _product, _texts)
