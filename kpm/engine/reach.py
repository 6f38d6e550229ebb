"""Looks for the nearest values that make a set of comparisons, and with them a condition, TRUE."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from typing import TypeAlias

from kpm.engine import tree as t
from kpm.engine.catalogue import Feature
from kpm.engine.check import Condition
from kpm.engine.explain import core, gap
from kpm.engine.lint import samples
from kpm.engine.text import companion
from kpm.engine.truth import EXACT, STEP, Known, Row, truth, value

TRIES = 4000
Changed: TypeAlias = dict[str, Known | None]


def reach(condition: Condition, wanted: Sequence[t.Leaf], row: Row) -> Changed | None:
    """Give values for some columns that make every wanted leaf and the whole condition TRUE.

    The values are the nearest that the search finds, one column after the other; None when it finds none. A
    column named `x__td` stands for the trading days since x.
    """
    changed = _Search(condition.features, list(wanted)).settle(dict(row))
    if changed is None or truth(condition.tree, changed) is not True:
        return None
    return {name: new for name, new in changed.items() if new != row[name]}


def columns(leaf: t.Leaf) -> list[str]:
    """Name the columns that a leaf reads; for `td_since(x)` that is `x__td`."""
    inner = core(leaf)
    sides = [inner.left, inner.right] if isinstance(inner, t.Compare) else [inner.left]
    return list(dict.fromkeys(name for side in sides for name in _columns(side)))


def _columns(node: t.Value) -> Iterator[str]:
    if isinstance(node, t.Name):
        yield node.name
    elif isinstance(node, t.Call) and node.function == "td_since":
        yield from (companion(name) for name in _columns(node.args[0]))
    elif isinstance(node, (t.Call, t.Arithmetic)):
        yield from (name for arg in node.args for name in _columns(arg))


class _Search:
    """A depth-first search: one column at a time, a few telling values of each, the nearest first."""

    def __init__(self, features: Mapping[str, Feature], wanted: list[t.Leaf]) -> None:
        self.features = features
        self.wanted = wanted
        self.tries = 0

    def settle(self, row: Changed, detours: int = 2) -> Changed | None:
        """Turn the first wanted leaf that is not TRUE; a step may lose another leaf only on a detour."""
        missed = self.missed(row)
        if not missed:
            return row
        for step in self.steps(missed[0], row):
            self.tries += 1
            if self.tries > TRIES:
                return None
            gained = len(self.missed(step)) < len(missed)
            useful = gained or (detours and truth(missed[0], step) is True)
            if useful and (found := self.settle(step, detours - (not gained))) is not None:
                return found
        return None

    def missed(self, row: Row) -> list[t.Leaf]:
        """List the wanted leaves that are not TRUE on a row."""
        return [leaf for leaf in self.wanted if truth(leaf, row) is not True]

    def steps(self, leaf: t.Leaf, row: Changed) -> Iterator[Changed]:
        """Rows with one column of the leaf changed; then rows where its other columns change too.

        What makes an unknown leaf unknown (a missing value, a zero below a quotient) changes at once.
        """
        names, unknown = columns(leaf), truth(core(leaf), row) is None
        lacking = [name for name in names if unknown and (row[name] is None or row[name] == 0)]
        yield from self.single(names, row, {other: self.some(other) for other in lacking})
        if len(names) > 1:
            yield from self.single(names, row, {other: self.some(other) for other in names})
        if len({self.feature(name).dtype for name in names}) == 1 < len(names):
            yield from ({**row, **dict.fromkeys(names, same)} for same in self.candidates(names[0], row))

    def single(self, names: Sequence[str], row: Changed, others: Changed) -> Iterator[Changed]:
        """Rows with each of these columns at each telling value, the others changed as given."""
        for name in names:
            base = {**row, **others, name: row[name]}
            yield from ({**base, name: candidate} for candidate in self.candidates(name, base))

    def feature(self, name: str) -> Feature:
        """Give the feature of a column; a column of trading days counts as a whole number."""
        return self.features.get(name) or Feature(name, name, name, "int", "td")

    def some(self, name: str) -> Known:
        """Give any value the column can have; for a number one that can stand below a quotient."""
        return _nearest(samples(self.feature(name), (Decimal(1),)), Decimal(1))[0]

    def candidates(self, name: str, row: Changed) -> list[Known | None]:
        """List the values of a column at which some wanted leaf may turn."""
        leaves = [leaf for leaf in self.wanted if name in columns(leaf)]
        constants = [v.value for leaf in leaves for v in t.values(leaf) if isinstance(v, t.Constant)]
        feature = self.feature(name)
        found = samples(feature, constants)
        if feature.is_number:
            found += [root for leaf in leaves for root in _roots(feature, name, leaf, row, found)]
        elif feature.dtype == "date":
            found += [shown for leaf in leaves for shown in _days_beside(leaf, row)]
        return [*_nearest(found, row[name]), None]


def _nearest(found: Sequence[Known], current: Known | None) -> list[Known]:
    def far(candidate: Known) -> Decimal:
        distance = gap(candidate, Decimal(0) if current is None else current)
        return Decimal(0) if distance is None else abs(distance)

    return sorted(dict.fromkeys(found), key=far)


def _roots(feature: Feature, name: str, leaf: t.Leaf, row: Changed, bases: Sequence[Known]) -> Iterator[Known]:
    """Values where the two sides of a comparison meet, and their neighbours.

    Both sides are straight lines in one column, apart from the corners of abs, least, greatest and coalesce;
    so a line through two neighbouring points is followed from each telling value.
    """
    step = Decimal(1) if feature.dtype == "int" else STEP
    for base in bases:
        before, after = _height(leaf, row, name, base), _height(leaf, row, name, base + Decimal(1))  # type: ignore[operator]
        if before is None or after is None or before == after:
            continue
        with localcontext(EXACT):
            root = base - before / (after - before)  # type: ignore[operator]
        for rounding in (ROUND_FLOOR, ROUND_CEILING):
            whole = root.quantize(step, rounding, EXACT)
            yield from (v for v in (whole - step, whole, whole + step) if _fits(feature, v))


def _height(leaf: t.Leaf, row: Changed, name: str, at: Known) -> Decimal | None:
    """Left side less right side with the column at a value; a quotient is multiplied out."""
    inner, moved = core(leaf), {**row, name: at}
    if not isinstance(inner, t.Compare):
        return None
    if isinstance(inner.left, t.Call) and inner.left.function == "safe_div":
        above, below = inner.left.args
        return gap(value(above, moved), value(t.Arithmetic("*", (inner.right, below)), moved))
    return gap(value(inner.left, moved), value(inner.right, moved))


def _fits(feature: Feature, number: Decimal) -> bool:
    low, high = feature.minimum, feature.maximum
    return (low is None or number >= low) and (high is None or number <= high)


def _days_beside(leaf: t.Leaf, row: Changed) -> Iterator[Known]:
    """The day on the other side of a comparison of two dates, and its neighbours."""
    for name in columns(leaf):
        day = row[name]
        if isinstance(day, date):
            yield from (date.fromordinal(day.toordinal() + shift) for shift in (-1, 0, 1))
