"""Goal rates of families, drawn towards the rate of their business line as far as they are uncertain (STRATEGY 6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Counts = tuple[int, int]  # outcomes, and those that reached the goal


@dataclass(frozen=True)
class Prior:
    """What is believed of a family before its own outcomes: a rate, and its weight in outcomes."""

    rate: float
    weight: float

    def shrunk(self, n: int, x: int) -> float:
        """Return P = (x + m p0) / (n + m)."""
        return (x + self.weight * self.rate) / (n + self.weight)


def prior_of_line(families: Sequence[Counts], *, default: float, least: int, most: int) -> Prior:
    """Return the prior of a business line from its families; its own rate leans on `default` by `least` outcomes.

    The weight follows from how far the families differ beyond chance (method of moments): little where they differ
    much, `most` where chance explains it all.
    """
    n, x = sum(n for n, _x in families), sum(x for _n, x in families)
    rate = Prior(default, least).shrunk(n, x)
    return Prior(rate, min(max(_weight(families, n, x), least), most))


def prior_of_family(cells: Sequence[Counts], *, rate: float, least: int, most: int) -> Prior:
    """Return what is believed of a strategy in a segment: the rate of its family, weighed by how far such differ."""
    n, x = sum(n for n, _x in cells), sum(x for _n, x in cells)
    return Prior(rate, min(max(_weight(cells, n, x), least), most))


def _weight(families: Sequence[Counts], n: int, x: int) -> float:
    known = [(count, reached) for count, reached in families if count]
    spread = x / n * (1 - x / n) if n else 0.0
    room = n - sum(count * count for count, _reached in known) / n if n else 0.0
    if len(known) < 2 or not spread or not room:
        return float("inf")
    seen = sum(count * (reached / count - x / n) ** 2 for count, reached in known)
    beyond = (seen / spread - (len(known) - 1)) / (room - (len(known) - 1)) if room > len(known) - 1 else 0.0
    return (1 - beyond) / beyond if beyond > 0 else float("inf")


def main_lines(counts: Mapping[tuple[str, str], Counts]) -> dict[str, str]:
    """Return for each family the business line with most of its outcomes, by (family, line); the first by name."""
    best: dict[str, str] = {}
    for family, line in sorted(counts):
        if family not in best or counts[family, line][0] > counts[family, best[family]][0]:
            best[family] = line
    return best
