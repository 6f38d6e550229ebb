"""Versions as the engine matches them."""

import re
from functools import lru_cache

from kpm.engine.check import Condition, compile_condition
from kpm.engine.match import Member
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.models import StrategyVersion

EVERYBODY = "TRUE"
PLACEHOLDER = re.compile(r"\{(\w+)\}")
KEPT = 2048  # conditions that stay compiled: those of all live versions several times over


def member_of(version: StrategyVersion) -> Member:
    """Return a version ready to match, its evidence holding the features that its texts name too.

    Raises kpm.engine.problem.ConditionError when the condition no longer fits the catalogue.
    """
    population = version.population.strip()
    return Member(
        version=version.pk,
        condition=condition_of(version.condition),
        population=None if population.upper() == EVERYBODY else condition_of(population),
        anchors=anchors_in(version.occurrence_from),
        shown=tuple(catalogue()[name] for name in _shown(version)),
    )


def condition_of(text: str) -> Condition:
    """Return a condition of a version, checked; raises kpm.engine.problem.ConditionError.

    A delivery says the conditions of hundreds of hits in words; each is read once as long as the catalogue is the same.
    """
    return _compiled(text, catalogue().version)


@lru_cache(maxsize=KEPT)
def _compiled(text: str, _catalogue: str) -> Condition:
    return compile_condition(text, catalogue())


def _shown(version: StrategyVersion) -> list[str]:
    """Features whose values the texts show, and the one that the suitability gate compares."""
    return [name for name in dict.fromkeys([*version.shown, version.product_level_from]) if name in catalogue()]


def anchors_in(occurrence_from: str) -> tuple[str, ...]:
    """Return the features that name the object of a strategy, from their names separated by commas."""
    return tuple(name.strip() for name in occurrence_from.split(",") if name.strip())


def named_in(*texts: str) -> tuple[str, ...]:
    """Return the features that texts name in braces, each once, in order."""
    return tuple(dict.fromkeys(name for text in texts for name in PLACEHOLDER.findall(text)))
