"""Small drawings made on the server: the geometry of a line and of a bar of shares. Pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT, MARGIN = 600, 120, 8
MOST_PARTS = 5
ROW, BAR = 24, 340  # of a chart of bars: the height of a row, the length of the longest


@dataclass(frozen=True)
class Line:
    """The points of a line in a field of 600 by 120; `line` and `area` are SVG paths, `last` the end point."""

    line: str
    area: str
    last: tuple[float, float]


@dataclass(frozen=True)
class Share:
    """One part of a whole: where its bar begins and how long it is, in hundredths of the whole."""

    label: str
    value: Decimal
    start: float
    length: float
    number: int

    @property
    def ratio(self) -> Decimal:
        """The part as a ratio of the whole, four places."""
        return Decimal(str(self.length / 100)).quantize(Decimal("0.0001"))


@dataclass(frozen=True)
class Bar:
    """One bar of a chart of 600 units: its label, what it says, where its row begins, and its length."""

    label: str
    value: int
    top: int
    length: float


def draw_bars(rows: Sequence[tuple[str, int]]) -> list[Bar]:
    """Return one bar a row, one under the other; the longest fills the space between its label and its number."""
    most = max((value for _label, value in rows), default=0)
    return [
        Bar(label, value, at * ROW, _round(value / most * BAR) if most else 0.0)
        for at, (label, value) in enumerate(rows)
    ]


def draw_line(values: Sequence[Decimal]) -> Line | None:
    """Return the line through `values`, equally spaced; a single value is no line."""
    if len(values) < 2:
        return None
    low, high = min(values), max(values)
    spread = high - low or Decimal(1)
    points = [
        (_round(index * WIDTH / (len(values) - 1)), _round(_height(value, high, spread) if high > low else HEIGHT / 2))
        for index, value in enumerate(values)
    ]
    line = "M" + " L".join(f"{x:g} {y:g}" for x, y in points)
    return Line(line, f"{line} L{WIDTH} {HEIGHT} L0 {HEIGHT} Z", points[-1])


def draw_shares(parts: Sequence[tuple[str, Decimal]], other: str) -> list[Share]:
    """Return the bars of the positive parts, largest first; beyond five, the smallest become one named `other`."""
    sized = sorted(((label, value) for label, value in parts if value > 0), key=lambda part: -part[1])
    if len(sized) > MOST_PARTS:
        rest = sum((value for _label, value in sized[MOST_PARTS - 1 :]), Decimal(0))
        sized = [*sized[: MOST_PARTS - 1], (other, rest)]
    whole = sum((value for _label, value in sized), Decimal(0))
    shares, start = [], 0.0
    for number, (label, value) in enumerate(sized, start=1):
        length = _round(float(value / whole) * 100)
        shares.append(Share(label, value, start, length, number))
        start = _round(start + length)
    return shares


def _height(value: Decimal, high: Decimal, spread: Decimal) -> float:
    return MARGIN + float((high - value) / spread) * (HEIGHT - 2 * MARGIN)


def _round(number: float) -> float:
    return round(number, 2)
