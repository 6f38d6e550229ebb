"""How many clients a condition finds while one of its thresholds moves, and how the values lie that it is put against.

A condition in normal form has NOT at its leaves only, so it is TRUE for no fewer clients when one leaf is TRUE for
more. All points of a leaf are therefore counted in one pass: who matches whatever the leaf says, and who matches just
when it is TRUE, by where his value lies.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from kpm.engine import text
from kpm.engine import tree as t
from kpm.engine.check import Condition
from kpm.engine.explain import core
from kpm.engine.match import Member, Source
from kpm.engine.normal import LeafRecord

SIZES = ("<", "<=", ">", ">=")
WHOLE = ("int", "date")  # types whose values lie whole steps apart
POINTS = 15
BARS = 24
FIRST_DAY = date(1970, 1, 1)
NICE = (1, 2, 5, 10)  # steps that people count in


@dataclass(frozen=True)
class Spread:
    """Where the values of one side lie: from the 1st to the 99th of a hundred, in nice steps, and clients by bar."""

    low: Decimal
    high: Decimal
    step: Decimal
    bars: tuple[int, ...]

    @property
    def points(self) -> tuple[Decimal, ...]:
        """The thresholds that a curve is drawn through."""
        count = int((self.high - self.low) / self.step) + 1
        return tuple(self.low + self.step * n for n in range(count))


@dataclass(frozen=True)
class Curve:
    """How many clients match for each threshold of one leaf."""

    leaf_id: str
    points: tuple[tuple[Decimal, int], ...]


def movable(condition: Condition) -> list[LeafRecord]:
    """Return the leaves whose threshold is a number or a date that more or less is asked of."""
    return [record for record in condition.leaves if _threshold(record) is not None]


def threshold(record: LeafRecord) -> Decimal:
    """Return the number of a movable leaf; of a date its days."""
    found = _threshold(record)
    if found is None:
        raise ValueError(f"{record.text} has no number that could be moved.")
    return found


def _threshold(record: LeafRecord) -> Decimal | None:
    leaf = core(record.leaf)
    if not isinstance(leaf, t.Compare) or leaf.op not in SIZES or not isinstance(leaf.right, t.Constant):
        return None
    value = leaf.right.value
    if isinstance(value, date):
        return Decimal((value - FIRST_DAY).days)
    return value if isinstance(value, Decimal) else None


def is_dated(record: LeafRecord) -> bool:
    """Return whether the threshold of a leaf is a date."""
    leaf = core(record.leaf)
    return isinstance(leaf, t.Compare) and isinstance(leaf.right, t.Constant) and leaf.right.kind == "date"


def said(point: Decimal, *, dated: bool) -> str:
    """Write a threshold as it stands in a text: a number, or the day of so many days."""
    return day_of(point).isoformat() if dated else text.number(point)


def day_of(point: Decimal) -> date:
    """Return the day that stands for so many days since 1970 began."""
    return FIRST_DAY + timedelta(days=int(point))


def spread(source: Source, member: Member, record: LeafRecord, where: str = "TRUE") -> Spread | None:
    """Return how the left side of a movable leaf lies over the clients of `where`; None with fewer than two values."""
    value = text.database_value(core(record.leaf).left)
    value = f"({value} - DATE '{FIRST_DAY}')" if is_dated(record) else value
    beside = ["branch_id"] if where != "TRUE" else []
    rows = f"{source.rows([member], source.types(), beside=beside)}, "
    rows += f"v AS (SELECT CAST({value} AS DOUBLE) AS x FROM f WHERE {where})"
    found = source.con.execute(f"{rows} SELECT quantile_disc(x, [0.01, 0.99]) FROM v WHERE x IS NOT NULL").fetchone()
    if not found or not found[0] or found[0][0] == found[0][1]:
        return None
    low, high = (Decimal(str(end)) for end in found[0])
    step = _step((high - low) / POINTS, whole=_whole(record, member))
    first, last = _down(low, step), -_down(-high, step)
    width = (last - first) / BARS
    bars = source.con.execute(
        f"{rows} SELECT least(floor((x - {first}) / {width}), {BARS - 1})::INTEGER AS bar, count(*) FROM v "
        f"WHERE x BETWEEN {first} AND {last} GROUP BY 1"
    ).fetchall()
    counted = dict(bars)
    return Spread(first, last, step, tuple(counted.get(n, 0) for n in range(BARS)))


def _whole(record: LeafRecord, member: Member) -> bool:
    features = {name: one for condition in member.conditions for name, one in condition.features.items()}
    return all(features[name].dtype in WHOLE for name in record.features if name in features)


def _step(raw: Decimal, *, whole: bool) -> Decimal:
    """The next nice step that is no smaller; whole numbers move by whole ones."""
    power = Decimal(10) ** math.floor(math.log10(raw))
    step = next(power * n for n in NICE if power * n >= raw)
    return max(step, Decimal(1)) if whole else max(step, Decimal("0.000001"))


def _down(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(ROUND_FLOOR) * step


def fine(step: Decimal, *, whole: bool) -> Decimal:
    """Return the step of a slider: a tenth of that of the curve, at least one for whole numbers."""
    small = step / 10
    return small.to_integral_value(ROUND_CEILING) if whole else small


def curves(
    source: Source, member: Member, spreads: Sequence[tuple[LeafRecord, Spread]], where: str = "TRUE"
) -> list[Curve]:
    """Return the curve of each of these leaves, counted in one statement over the clients of `where`."""
    if not spreads:
        return []
    tree, population = member.condition.tree, member.population.sql if member.population else "TRUE"
    columns, counts = [], []
    for number, (record, one) in enumerate(spreads):
        always, pivot = _with(tree, record.leaf, "FALSE"), _with(tree, record.leaf, "TRUE")
        columns += [f"({always}) IS TRUE AS a{number}", f"({pivot}) IS TRUE AND ({always}) IS NOT TRUE AS p{number}"]
        counts.append(f"count(*) FILTER (WHERE a{number})")
        counts += [f"count(*) FILTER (WHERE p{number} AND {_moved(record.leaf, point)})" for point in one.points]
    found = source.con.execute(
        f"{source.rows([member], source.types(), beside=['branch_id'])} SELECT {', '.join(counts)} "
        f"FROM (SELECT *, {', '.join(columns)} FROM f WHERE ({population}) AND ({where}))"
    ).fetchone()
    return list(_curves(spreads, list(found or ())))


def _curves(spreads: Sequence[tuple[LeafRecord, Spread]], found: list[int]) -> Sequence[Curve]:
    curved, at = [], 0
    for record, one in spreads:
        counted = found[at + 1 : at + 1 + len(one.points)]
        curved.append(
            Curve(record.leaf_id, tuple((p, found[at] + n) for p, n in zip(one.points, counted, strict=True)))
        )
        at += 1 + len(one.points)
    return curved


def _with(tree: t.Tree, leaf: t.Leaf, said: str) -> str:
    """The condition for the database with one leaf decided beforehand."""
    if isinstance(tree, t.Group):
        return f" {tree.op} ".join(f"({_with(part, leaf, said)})" for part in tree.parts)
    return said if tree == leaf else text.database(tree)


def _moved(leaf: t.Leaf, point: Decimal) -> str:
    return f"({text.database(with_threshold(leaf, point))})"


def with_threshold(leaf: t.Leaf, point: Decimal) -> t.Leaf:
    """Return a movable leaf with another number."""
    if isinstance(leaf, t.Surely):
        return replace(leaf, part=with_threshold(leaf.part, point))  # type: ignore[arg-type]
    dated = isinstance(leaf, t.Compare) and isinstance(leaf.right, t.Constant) and leaf.right.kind == "date"
    right = t.Constant("date", day_of(point)) if dated else t.Constant("number", point)
    return replace(leaf, right=right)  # type: ignore[arg-type]
