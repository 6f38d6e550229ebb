"""Which feature names the object of a strategy (STRATEGY 7, "Where the key comes from")."""

from dataclasses import dataclass

from kpm.engine import tree
from kpm.engine.check import check
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.members import anchors_in
from kpm.strategies.services.library.entries import Entry
from kpm.strategies.vocabulary import words


@dataclass(frozen=True)
class Anchor:
    """`features` name the object, the first that has one; `waits` are those among them without a key column yet."""

    features: tuple[str, ...] = ()

    @property
    def waits(self) -> tuple[str, ...]:
        """The features whose key column nobody builds yet."""
        return tuple(name for name in self.features if not (name in catalogue() and catalogue()[name].key))


def needs_anchor(entry: Entry) -> bool:
    """Whether a hit speaks of an object: not of the client or the day, nor of the one permission that it names."""
    if entry["occurrence"] == "permission" and entry.get("permission_code"):
        return False
    return entry["occurrence"] not in words().plain_objects


def anchor_of(entry: Entry) -> Anchor:
    """Return what the entry says itself, else the first leaf of its condition whose source is the object's table.

    Of several such leaves the first with a key column counts. Without any the anchor is empty.
    """
    if named := anchors_in(entry.get("occurrence_from", "")):
        return Anchor(named)
    if not needs_anchor(entry):
        return Anchor()
    fitting = [name for name in _leaves(entry) if words().objects[entry["occurrence"]] & set(catalogue()[name].source)]
    keyed = [name for name in fitting if catalogue()[name].key]
    return Anchor(tuple((keyed or fitting)[:1]))


def _leaves(entry: Entry) -> list[str]:
    """The features of the condition in the order of its text."""
    condition = check(entry["trigger"], catalogue()).condition
    return tree.written(condition.tree) if condition else []
