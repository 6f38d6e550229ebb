"""The words of the library: what an entry may say, which tables speak of which object, what no text may say."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from clients.shared import yamls
from kpm.strategies.catalogue_of import FOLDER


@dataclass(frozen=True)
class Forbidden:
    """A word that promises too much; directly after one of the characters of `not_after` it is allowed."""

    word: str
    not_after: str = ""

    def stands_in(self, text: str) -> bool:
        """Whether the text says it."""
        pieces = text.split(self.word)
        return any(not before or before[-1] not in self.not_after for before in pieces[:-1])


@dataclass(frozen=True)
class Words:
    """`enums` are the values by key, `objects` the source tables by occurrence object, reasons a text by word.

    `family_names` are the English names of families, `buying` the outcomes that are purchases.
    """

    enums: Mapping[str, frozenset[str]]
    objects: Mapping[str, frozenset[str]]
    plain_objects: frozenset[str]
    clock_families: frozenset[str]
    holdout_reasons: Mapping[str, str]
    goal_reasons: Mapping[str, str]
    buying: frozenset[str]
    family_names: Mapping[str, str]
    forbidden: tuple[Forbidden, ...]


@lru_cache(maxsize=1)
def words() -> Words:
    """Return the words of this installation."""
    said, banned = _read("words.yaml"), _read("forbidden.yaml")
    return Words(
        enums={key: frozenset(values) for key, values in said["enums"].items()},
        objects={key: frozenset(tables) for key, tables in said["objects"].items()},
        plain_objects=frozenset(said["plain_objects"]),
        clock_families=frozenset(said["clock_families"]),
        holdout_reasons=said["holdout_reasons"],
        goal_reasons=said["goal_reasons"],
        buying=frozenset(said["buying"]),
        family_names=said["family_names"],
        forbidden=tuple(Forbidden(**row) for row in banned["words"]),
    )


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yamls.load((FOLDER / name).read_text(encoding="utf-8"))
    return found
