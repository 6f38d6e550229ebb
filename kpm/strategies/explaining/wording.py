"""What is explained, in the words of the branch."""

from dataclasses import dataclass

from django.utils.translation import get_language

from kpm.engine.explain import Explanation, LeafResult, explain
from kpm.engine.problem import ConditionError
from kpm.engine.truth import MissingValueError, Truth
from kpm.engine.words import Language, say, say_named
from kpm.strategies.explaining.telling import Explained, conditions_of
from kpm.strategies.models import Hit

PLACES = 2
SIGNS: dict[Truth, str] = {True: "true", False: "false", None: "unknown"}


@dataclass(frozen=True)
class Line:
    """One comparison: how it turned out, in words, and by how many quartile distances."""

    sign: str
    said: str
    margin: str


def language() -> Language:
    """Return the language of the page."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def lines(explanation: Explanation, of: Explained) -> list[Line]:
    """Say every comparison of a condition."""
    return [Line(SIGNS[leaf.truth], _say(leaf, of), _margin(leaf)) for leaf in explanation.leaves]


def lacking(of: Explained) -> list[str]:
    """Say what would have to change for a hit, one comparison each; empty for a hit and where he is not meant."""
    return [_say(leaf, of) for leaf in of.near.turn] if of.near else []


def changes(of: Explained) -> list[str]:
    """Say one set of values that would make it a hit; empty where none was found."""
    found = (of.near.changes if of.near else None) or {}
    named = [(of.features[name], value) for name, value in found.items() if name in of.features]
    return [say_named(feature, value, language(), places=PLACES) for feature, value in named]


def of_hit(hit: Hit) -> list[str]:
    """Say every comparison of a hit's condition on its stored values; nothing when these no longer fit each other."""
    try:
        condition = conditions_of(hit.version)[0]
        found = explain(condition, hit.evidence)
    except (ConditionError, MissingValueError):
        return []
    return [say(leaf, condition.features, language(), places=PLACES) for leaf in found.leaves]


def _say(leaf: LeafResult, of: Explained) -> str:
    return say(leaf, of.features, language(), places=PLACES)


def _margin(leaf: LeafResult) -> str:
    return "" if leaf.margin is None else f"{leaf.margin:+.2f}"
