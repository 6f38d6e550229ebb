"""The 300 strategies of the benchmarks: the library, and copies with every tunable threshold moved one step.

A threshold is a number that a feature is compared with by size. One step is a tenth of it, for features in whole
numbers at least one; upwards unless the catalogue forbids such a value. Copies are written from the engine's normal
form and loaded like every other strategy.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from bench.result import NotMeasured
from kpm.engine import text
from kpm.engine import tree as t
from kpm.engine.catalogue import Feature
from kpm.engine.check import Condition, compile_condition
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.members import anchors_in
from kpm.strategies.models import StrategyVersion
from kpm.strategies.services.library import Entry, load_library, read_library

COPIES = 94
STEP = Decimal("0.1")
SIZES = ("<", "<=", ">", ">=")


class NotLoaded(NotMeasured):
    """A strategy of the library, or a copy of one, cannot be loaded."""


def load(*, now: datetime) -> list[StrategyVersion]:
    """This will load the library and its copies; all versions, live or not, by code of their strategy.

    An object whose key nobody builds yet is left out, so that strategies that wait for one are matched too. Raises
    NotLoaded naming the strategies at fault.
    """
    entries = read_library()
    loaded = load_library(entries=[*entries, *_copies(entries)], now=now)
    if loaded.faults:
        raise NotLoaded("\n".join(map(str, loaded.faults)))
    versions = list(StrategyVersion.objects.select_related("strategy").order_by("strategy__code"))
    for version in versions:
        version.occurrence_from = ", ".join(name for name in anchors_in(version.occurrence_from) if _has_key(name))
    return versions


def _has_key(name: str) -> bool:
    return name in catalogue() and catalogue()[name].key


def _copies(entries: list[Entry]) -> list[Entry]:
    found = (copy for entry in sorted(entries, key=lambda entry: entry.code) if (copy := _copy(entry)))
    return [copy for copy, _number in zip(found, range(COPIES), strict=False)]


def _copy(entry: Entry) -> Entry | None:
    """The entry with its thresholds moved; None when it has none."""
    condition = compile_condition(entry["trigger"], catalogue())
    trigger = moved(condition)
    if trigger == condition.normalised:
        return None
    return Entry({**entry, "code": f"{entry.code}-S", "trigger": trigger})


def moved(condition: Condition) -> str:
    """Return the normal text of a condition with every tunable threshold moved one step."""
    return text.normal(_moved(condition.tree, condition.features))


def _moved(tree: t.Tree, features: Mapping[str, Feature]) -> t.Tree:
    if isinstance(tree, t.Group):
        return replace(tree, parts=tuple(_moved(part, features) for part in tree.parts))
    if isinstance(tree, t.Surely):
        return replace(tree, part=_moved(tree.part, features))
    if isinstance(tree, t.Compare) and tree.op in SIZES and isinstance(tree.right, t.Constant):
        return replace(tree, right=_step(tree.right, [features[name] for name in sorted(t.names(tree))]))
    return tree


def _step(threshold: t.Constant, features: list[Feature]) -> t.Constant:
    if not isinstance(threshold.value, Decimal):
        return threshold
    whole = all(feature.dtype == "int" for feature in features)
    step = abs(threshold.value) * STEP
    if whole:
        step = max(step.to_integral_value(), Decimal(1))
    return replace(threshold, value=next(_within(threshold.value, step, features), threshold.value))


def _within(value: Decimal, step: Decimal, features: list[Feature]) -> Iterator[Decimal]:
    for wanted in (value + step, value - step):
        if all(_allows(feature, wanted) for feature in features):
            yield wanted


def _allows(feature: Feature, value: Decimal) -> bool:
    below = feature.minimum is not None and value < feature.minimum
    return not below and not (feature.maximum is not None and value > feature.maximum)
