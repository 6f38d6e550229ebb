"""The sample branch as a test reads it: text files back into rows, and trading days of the test's own."""

import csv
import json
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from portal.demo.sample import write_sample

Row = dict[str, str]
Sample = dict[str, list]
DATA_DATE = date(2026, 11, 20)
HOLIDAYS = {date(2026, 10, day) for day in range(1, 8)}


def trading_days(count: int, last: date = DATA_DATE) -> list[date]:
    """Weekdays up to `last` without the October holiday."""
    days, day = [], last
    while len(days) < count:
        if day.weekday() < 5 and day not in HOLIDAYS:
            days.append(day)
        day -= timedelta(days=1)
    return days[::-1]


def read_sample(folder: Path, *, count: int, clients: int, seed: int) -> Sample:
    """Write a sample and read all its files; `days` holds the trading days it was made for."""
    days = trading_days(count)
    files = write_sample(folder, trading_days=days, clients=clients, seed=seed)
    return {kind: _rows(file) for kind, file in files} | {"days": [day.isoformat() for day in days]}


def number(text: str) -> Decimal:
    """A decimal, 0 when the cell is empty."""
    return Decimal(text or "0")


def _rows(file: Path) -> list:
    if file.suffix == ".jsonl":
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def by(rows: list[Row], *columns: str) -> dict[tuple[str, ...], list[Row]]:
    """Group rows by the values of some columns."""
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[column] for column in columns)].append(row)
    return groups
