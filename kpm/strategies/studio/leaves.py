"""The comparisons of a condition one by one: in words, with where the number stands in the text, slider and curve."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from clients.org.models import Branch
from clients.portrait import selectors as portrait
from kpm.engine import curves, text
from kpm.engine import tree as t
from kpm.engine.catalogue import Feature
from kpm.engine.check import Condition
from kpm.engine.curves import BARS, Curve, Spread
from kpm.engine.explain import core
from kpm.engine.kinds import side
from kpm.engine.match import Member
from kpm.engine.normal import LeafRecord
from kpm.engine.units import UNITS
from kpm.strategies.funnels import branch_numbers, open_rows
from kpm.strategies.naming import english
from kpm.strategies.studio import coarse

WIDE, HIGH = 240, 48  # of a drawing
YEAR = Decimal(365)  # to each side of a date that nobody knows the spread of


@dataclass(frozen=True)
class Shown:
    """One comparison on the page. `at` is the place of its threshold in the text, `size` how long it is written there.

    `value`, `low`, `high` and `step` are those of the slider, in days where the threshold is a date; `threshold`,
    `least` and `most` are the same as people write them.

    The drawing is in a field of 240 by 48: `bars` (x, y, width, height) of the values, `line` the count of matches.
    """

    record: LeafRecord
    titles: tuple[tuple[str, str], ...]
    unit: str
    at: int | None
    size: int
    dated: bool
    threshold: str
    value: str
    least: str
    most: str
    low: str
    high: str
    step: str
    bars: tuple[tuple[float, float, float, float], ...]
    line: str
    mark: float | None
    points: tuple[tuple[str, int], ...]


def shown_leaves(condition: Condition, day: date | None, within: Branch | None) -> list[Shown]:
    """Return the comparisons of a checked condition in the order of its normal form; curves need a day."""
    member = Member(0, condition)
    spreads = _spreads(member, day, within) if day else {}
    curved = _curves(member, day, within, spreads) if day else {}
    return [
        _shown(condition, record, spreads.get(record.leaf_id), curved.get(record.leaf_id))
        for record in condition.leaves
    ]


def _spreads(member: Member, day: date, within: Branch | None) -> dict[str, Spread]:
    found = {}
    for record in curves.movable(member.condition):
        said = text.normal_value(core(record.leaf).left)
        one = _kept_spread(_Asked(portrait.feature_version(day) or "", said, _inside(within), day, member, record))
        if one is not None:
            found[record.leaf_id] = one
    return found


class _Asked:
    """What the spread of a value depends on: the version of the features, the value, whose clients (as SQL); the rest
    only computes it.
    """

    def __init__(self, version: str, said: str, where: str, day: date, member: Member, record: LeafRecord) -> None:
        self.key, self.where, self.day, self.member, self.record = (version, said, where), where, day, member, record

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and other.key == self.key

    def __hash__(self) -> int:
        return hash(self.key)


def _inside(within: Branch | None) -> str:
    """A branch sees how the values of its own clients lie, and of nobody else's."""
    return f"branch_id IN ({branch_numbers(within)})" if within else "TRUE"


@lru_cache(maxsize=512)
def _kept_spread(asked: _Asked) -> Spread | None:
    """The values of a day do not change, and authors come back to the same features."""
    with open_rows(asked.member, asked.day) as source:
        return curves.spread(source, asked.member, asked.record, asked.where)


def _curves(member: Member, day: date, within: Branch | None, spreads: Mapping[str, Spread]) -> dict[str, Curve]:
    leaves = [(record, spreads[record.leaf_id]) for record in member.condition.leaves if record.leaf_id in spreads]
    with open_rows(member, day) as source:
        found = curves.curves(source, member, leaves, _inside(within))
    return {one.leaf_id: coarse.curve(one) if coarse.is_coarse(within) else one for one in found}


def _shown(condition: Condition, record: LeafRecord, spread: Spread | None, curve: Curve | None) -> Shown:
    dated = curves.is_dated(record)
    number = curves.threshold(record) if record in curves.movable(condition) else None
    at, size = _place(condition.text, record, number) if number is not None else (None, 0)
    bounds = _bounds(condition.features, record, number, spread) if number is not None else None
    low, high, step = map(text.number, bounds) if bounds else ("", "", "")
    return Shown(
        record=record,
        titles=tuple((name, _title(condition.features[name])) for name in record.features),
        unit=_unit(condition, record), at=at, size=size, dated=dated,
        threshold="" if number is None else curves.said(number, dated=dated),
        value="" if number is None else text.number(number),
        least=curves.said(bounds[0], dated=dated) if bounds else "",
        most=curves.said(bounds[1], dated=dated) if bounds else "", low=low, high=high, step=step,
        bars=_bars(spread), line=_line(curve), mark=_mark(spread, number),
        points=tuple((curves.said(point, dated=dated), n) for point, n in curve.points) if curve else (),
    )  # fmt: skip


def _title(feature: Feature) -> str:
    return feature.title_en if english() else feature.title


def _unit(condition: Condition, record: LeafRecord) -> str:
    """The unit as a person reads it; a ratio is written as one in a condition."""
    unit = side(core(record.leaf).left, condition.features).unit or ""
    words = UNITS["en" if english() else "zh"]
    return "" if unit == "ratio" else words.get(unit, "{}").format("").strip()


def _place(written: str, record: LeafRecord, number: Decimal) -> tuple[int | None, int]:
    """Where the threshold of a leaf is written, its sign included; None when the text does not say it there."""
    if curves.is_dated(record):
        return _day_place(written, record, curves.said(number, dated=True))
    leaf = core(record.leaf)
    at = leaf.right.at if isinstance(leaf, t.Compare) else None
    if at is None:
        return None, 0
    size = len(written[at:]) - len(written[at:].lstrip("0123456789."))
    if number < 0:
        before = written[:at].rstrip()
        if not before.endswith("-"):
            return None, 0
        size, at = size + at - len(before) + 1, len(before) - 1
    return (at, size) if size else (None, 0)


def _day_place(written: str, record: LeafRecord, day: str) -> tuple[int | None, int]:
    """Where a date is written; one that stands in several places is looked for behind its own comparison's."""
    leaf = core(record.leaf)
    begun = leaf.right.at if isinstance(leaf, t.Compare) else None
    at = written.find(day, begun or 0)
    if at < 0 or (begun is None and written.count(day) > 1):
        return None, 0
    return at, len(day)


def _bounds(
    features: Mapping[str, Feature], record: LeafRecord, number: Decimal, spread: Spread | None
) -> tuple[Decimal, Decimal, Decimal]:
    """From where to where a slider goes: over nearly all values, and over the threshold itself."""
    whole = all(features[name].dtype in curves.WHOLE for name in record.features)
    if spread is None:
        reach = YEAR if curves.is_dated(record) else max(abs(number), Decimal(1))
        step = Decimal(1) if whole else reach / 100
        return number - reach, number + reach, step
    step = curves.fine(spread.step, whole=whole)
    return min(spread.low, number), max(spread.high, number), step


def _bars(spread: Spread | None) -> tuple[tuple[float, float, float, float], ...]:
    if spread is None or not any(spread.bars):
        return ()
    wide, most = WIDE / BARS, max(spread.bars)
    tall = [HIGH * n / most for n in spread.bars]
    return tuple((round(n * wide, 1), round(HIGH - h, 1), round(wide - 1, 1), round(h, 1)) for n, h in enumerate(tall))


def _line(curve: Curve | None) -> str:
    """The SVG path of a curve."""
    if curve is None or len(curve.points) < 2:
        return ""
    most = max(n for _point, n in curve.points) or 1
    places = _places([n / most for _point, n in curve.points])
    return "M" + " L".join(f"{x:g} {y:g}" for x, y in places)


def _places(shares: Sequence[float]) -> list[tuple[float, float]]:
    return [
        (round(n * WIDE / (len(shares) - 1), 1), round(HIGH - share * (HIGH - 2), 1)) for n, share in enumerate(shares)
    ]


def _mark(spread: Spread | None, number: Decimal | None) -> float | None:
    """Where the threshold stands in the drawing, None outside of it."""
    if spread is None or number is None or not spread.low <= number <= spread.high:
        return None
    return round(float((number - spread.low) / (spread.high - spread.low)) * WIDE, 1)
