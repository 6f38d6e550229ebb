"""What analysts see of traits: how they are spread over the branches, without counts so small that they tell of people.

A count below LEAST is hidden. Where one alone of a branch would be, the next smallest is hidden with it: else it could
be worked out from the others and the branch's total. There is no row for all branches, for the same reason.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from clients.org.models import Branch
from clients.portrait import selectors as portrait
from clients.portrait.traits import overview
from clients.portrait.traits.reading import label_of
from clients.portrait.traits.trait import Trait

LEAST = 5
MOST_VALUES = 5  # columns of values; the rarer ones are one column together
OTHER = "\0"
Key = str | None


@dataclass(frozen=True)
class Cell:
    """How many clients of a branch have a value and which share of it they are; `hidden`: too few to be told."""

    n: int
    share: float
    hidden: bool = False


@dataclass(frozen=True)
class Row:
    """One branch: its clients, its cells in the order of the columns, the mean clarity of its portraits."""

    branch: str
    clients: int
    cells: list[Cell]
    clarity: float | None


@dataclass(frozen=True)
class Spread:
    """A trait by branch; the last of the columns is of those of whom nothing is known."""

    columns: list[str]
    rows: list[Row]
    too_small: int


def spread(trait: Trait, day: date) -> Spread:
    """Return how the values of a trait are spread over the branches; those below LEAST clients are only counted."""
    counts: dict[int, Counter[Key]] = defaultdict(Counter)
    for branch, value, n, _confidence in portrait.spread(day, trait.name):
        counts[branch][value] += n
    keys = _keys(sum(counts.values(), Counter()))
    clarity = overview.clarity_by_branch(day)
    rows = [
        Row(branch.name, counts[branch.pk].total(), _cells(counts[branch.pk], keys), _told(clarity.get(branch.pk)))
        for branch in Branch.objects.filter(pk__in=counts).order_by("code")
        if counts[branch.pk].total() >= LEAST
    ]
    return Spread([_label(trait, key) for key in keys], rows, len(counts) - len(rows))


def _keys(total: Counter[Key]) -> list[Key]:
    """The columns: the commonest values first, the rarer ones together, the unknown last."""
    values = [value for value, _n in sorted(total.items(), key=lambda one: (-one[1], str(one[0]))) if value is not None]
    many = len(values) > MOST_VALUES
    return [*([*values[: MOST_VALUES - 1], OTHER] if many else values), None]


def _label(trait: Trait, key: Key) -> str:
    if key is None:
        return _("unknown")
    return _("Other") if key == OTHER else str(label_of(trait, key))


def _cells(counts: Counter[Key], keys: Sequence[Key]) -> list[Cell]:
    rest = counts.total() - sum(counts[key] for key in keys if key != OTHER)
    numbers = [rest if key == OTHER else counts[key] for key in keys]
    return _guarded([Cell(n, n / counts.total()) for n in numbers])


def _guarded(cells: list[Cell]) -> list[Cell]:
    """Hide the small counts, and never one alone."""
    few = [n for n, cell in enumerate(cells) if 0 < cell.n < LEAST]
    others = sorted((cell.n, n) for n, cell in enumerate(cells) if cell.n >= LEAST)
    hidden = {*few, others[0][1]} if len(few) == 1 and others else set(few)
    return [replace(cell, hidden=n in hidden) for n, cell in enumerate(cells)]


def _told(clarity: tuple[int, float] | None) -> float | None:
    return clarity[1] if clarity and clarity[0] >= LEAST else None
