"""Explaining one client and one version, or all live ones, from the features of a day.

    explained(version, client_id, day=day) -> Explained
    truths(client_id, day=day)             -> {live version: TRUE, FALSE or unknown}

Margins are counted in the distance between the quartiles of the feature on that day (clients/portrait/spreads.py); of a
day that was not counted, in the feature's own unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from clients.portrait import selectors as portrait
from clients.portrait import spreads
from kpm.engine.catalogue import Feature
from kpm.engine.check import Condition
from kpm.engine.explain import Explanation, explain
from kpm.engine.near import NearMiss, near_miss
from kpm.engine.truth import Truth
from kpm.strategies import selectors
from kpm.strategies.members import member_of
from kpm.strategies.models import StrategyVersion

KEPT = 1024  # conditions that a process keeps ready
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Explained:
    """One client and one version on a day: whether he is meant at all, each comparison, and how he nearly would be.

    `population` is None for a version that means everybody; `near` of who is meant and for whom the condition is not
    TRUE.
    """

    version: StrategyVersion
    day: date
    row: Row
    population: Explanation | None
    condition: Explanation
    near: NearMiss | None
    features: Mapping[str, Feature]

    @property
    def truth(self) -> Truth:
        """Whether the version means him: inside the population, and the condition TRUE."""
        return _both(self.population, self.condition)


def explained(version: StrategyVersion, client_id: int, *, day: date) -> Explained | None:
    """Explain a version to one client on a day; None when he has no features on it.

    Raises portrait's NoFeatures for a day without any, and kpm.engine.problem.ConditionError for texts that cannot be
    used.
    """
    conditions = conditions_of(version)
    names = {name for one in conditions for name in one.features} | set(version.shown)
    row = portrait.feature_row(day, client_id, names=sorted(names | {version.product_level_from} - {""}))
    if row is None:
        return None
    row, scales = dict.fromkeys(names) | row, spreads.scales(day)
    told = [explain(one, row, scales=scales) for one in conditions]
    condition, population = told[0], told[1] if len(told) > 1 else None
    meant = population is None or population.truth is True
    near = near_miss(conditions[0], row, scales=scales) if meant else None
    features = {name: feature for one in conditions for name, feature in one.features.items()}
    return Explained(version, day, row, population, condition, near, features)


def truths(client_id: int, *, day: date) -> dict[StrategyVersion, Explanation] | None:
    """Explain all live versions to one client: the condition of each; None when he has no features on the day.

    Versions whose texts no longer fit the catalogue raise kpm.engine.problem.ConditionError.
    """
    live = list(selectors.live())
    names = {name for version in live for one in conditions_of(version) for name in one.features}
    row = portrait.feature_row(day, client_id, names=names)
    if row is None:
        return None
    row, scales = dict.fromkeys(names) | row, spreads.scales(day)
    return {version: explain(conditions_of(version)[0], row, scales=scales) for version in live}


def _both(population: Explanation | None, condition: Explanation) -> Truth:
    parts = {condition.truth} if population is None else {population.truth, condition.truth}
    return False if False in parts else None if None in parts else True


def conditions_of(version: StrategyVersion) -> tuple[Condition, ...]:
    """Return the condition of a version ready to be asked, and after it the population of one that has any."""
    return _compiled(version.condition, version.population)


@lru_cache(maxsize=KEPT)
def _compiled(condition: str, population: str) -> tuple[Condition, ...]:
    return tuple(reversed(member_of(StrategyVersion(condition=condition, population=population)).conditions))
