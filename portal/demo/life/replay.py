"""Real daily bars on shifted dates: the last day of the file becomes the last lived day, and so on back.

The securities bear a name that says so; prices of the file are taken as they are, previous closes and limits are
those that fit the shifted chain.
"""

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from portal.demo.life.prices import Prices
from portal.demo.sample.bars import Bar
from portal.demo.sample.listing import Listing

MOST = 60  # securities; those with most days come first
BOARDS = (("SH", "688", "star"), ("SZ", "30", "gem"), ("BJ", "", "bse"), ("SH", "60", "main"), ("SZ", "00", "main"))
COLUMNS = ("exchange", "code", "day", "open", "high", "low", "close", "volume")
MARK = "回放"


class BadBars(Exception):
    """The file of bars cannot be replayed; the text says why and what would be right."""


@dataclass(frozen=True)
class _Line:
    day: date
    prices: tuple[int, int, int, int]  # open, high, low, close in hundredths of a yuan
    volume: int


class Replay(Prices):
    """Bars of a file under the calendar of the branch."""

    def __init__(self, file: Path, days: Sequence[date]) -> None:
        """Raises BadBars when the file cannot be read, or no security has a bar for every day."""
        found = _read(file)
        enough = {key: lines[-len(days) :] for key, lines in found.items() if len(lines) >= len(days)}
        if not enough:
            longest = max(map(len, found.values()), default=0)
            raise BadBars(f"{file.name}: {len(days)} bars of each security are needed, the longest has {longest}.")
        chosen = sorted(enough)[:MOST]
        self.listings = tuple(_listing(*key, enough[key]) for key in chosen)
        self.days, self.index = list(days), {day: i for i, day in enumerate(days)}
        self._bars = {listing.symbol: _chain(listing, enough[listing.key], days) for listing in self.listings}

    def line(self, listing: Listing, i: int) -> dict[str, object]:
        """Return the line of the bars file; ex-dates of the source make moves that no limit would allow."""
        free = {"limit_up": None, "limit_down": None, "status": "no_limit"}
        return super().line(listing, i) | free


def _read(file: Path) -> dict[tuple[str, str], list[_Line]]:
    found: dict[tuple[str, str], list[_Line]] = defaultdict(list)
    try:
        with file.open(encoding="utf-8-sig", newline="") as source:
            rows = csv.DictReader(source)
            if missing := set(COLUMNS) - set(rows.fieldnames or ()):
                raise BadBars(
                    f"{file.name}: no column {', '.join(sorted(missing))}; give the columns of `import bars`."
                )
            for number, row in enumerate(rows, 2):
                if _board(row["exchange"], row["code"]) and row["open"] and Decimal(row["volume"]) > 0:
                    found[row["exchange"], row["code"]].append(_line(row, number, file.name))
    except (OSError, UnicodeDecodeError, InvalidOperation) as fault:
        raise BadBars(f"{file.name} cannot be read: {fault}") from fault
    return {key: sorted(lines, key=lambda line: line.day) for key, lines in found.items()}


def _line(row: dict[str, str], number: int, name: str) -> _Line:
    try:
        first, high, low, last = (int(Decimal(row[column]) * 100) for column in COLUMNS[3:7])
        return _Line(date.fromisoformat(row["day"]), (first, high, low, last), int(Decimal(row["volume"])))
    except (ValueError, InvalidOperation) as fault:
        raise BadBars(f"{name}, line {number}: {fault}") from fault


def _board(exchange: str, code: str) -> str:
    return next((board for where, start, board in BOARDS if where == exchange and code.startswith(start)), "")


def _listing(exchange: str, code: str, lines: Sequence[_Line]) -> Listing:
    start = f"{lines[0].prices[3] / 100:.2f}"
    return Listing(exchange, code, f"{MARK}{code}", "", _board(exchange, code), MARK, start, date(2010, 1, 4))


def _chain(listing: Listing, lines: Sequence[_Line], days: Sequence[date]) -> list[Bar]:
    """Each bar under its new date; the previous close is that of the bar before."""
    bars, prev = [], lines[0].prices[0]
    for line, day in zip(lines, days, strict=True):
        first, high, low, last = line.prices
        bars.append(Bar(listing, day, prev, first, high, low, last, line.volume))
        prev = last
    return bars
