"""Writes the sample branch: one file per kind, in the order in which they must be imported."""

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from portal.demo.sample import accounts, consents, events, facts, happenings, listing, news, people, products
from portal.demo.sample.bars import Market
from portal.demo.sample.branch import live
from portal.demo.sample.story import CAST

FEWEST_DAYS = 60
JSON_KINDS = ("news", "events")
EARLIEST = date(2023, 1, 1)  # all securities of the sample are listed and named as they are by then

Row = dict[str, object]


def write_sample(
    folder: Path, *, trading_days: Sequence[date], clients: int = 30, seed: int = 1
) -> list[tuple[str, Path]]:
    """Write the files of a sample branch into `folder` and return (kind, file) in import order.

    `trading_days` ascend, the last one is the data date; the first clients are the cast of `story.py`. The
    same arguments write the same bytes. Raises ValueError for too few days or clients, or days out of order.
    """
    _check(trading_days, clients)
    folder.mkdir(parents=True, exist_ok=True)
    return [(kind, _write(folder, kind, rows)) for kind, rows in _files(list(trading_days), clients, seed)]


def _check(days: Sequence[date], clients: int) -> None:
    if len(days) < FEWEST_DAYS:
        raise ValueError(f"The sample needs at least {FEWEST_DAYS} trading days, {len(days)} were given.")
    if days[0] < EARLIEST:
        raise ValueError(f"The sample begins on {EARLIEST} at the earliest, not on {days[0]}.")
    if any(later <= earlier for earlier, later in pairwise(days)):
        raise ValueError("Trading days must ascend, each given once.")
    if clients < len(CAST):
        raise ValueError(f"The cast of the sample has {len(CAST)} clients, {clients} were asked for.")


def _files(days: list[date], clients: int, seed: int) -> list[tuple[str, Iterable[Row]]]:
    market = Market(days, seed)
    persons = people.people(days, clients, seed)
    branch = live(persons, market, seed)
    return [
        ("securities", listing.rows()),
        ("bars", market.rows()),
        ("security_events", happenings.rows(market)),
        ("products", products.rows(days)),
        ("clients", people.rows(persons, days[-1], seed)),
        ("accounts", accounts.rows(persons, branch.books, days)),
        ("consents", consents.rows(persons, days[-1], seed)),
        ("cashflows", facts.cashflows(branch)),
        ("trades", facts.trades(branch)),
        ("positions", facts.positions(branch)),
        ("margin", facts.margin(branch)),
        ("news", news.rows(market, seed)),
        ("events", events.rows(persons, days[-1], seed)),
        ("quotes", market.quotes()),
    ]


def _write(folder: Path, kind: str, rows: Iterable[Row]) -> Path:
    if kind in JSON_KINDS:
        return _jsonl(folder / f"{kind}.jsonl", rows)
    return _csv(folder / f"{kind}.csv", rows)


def _csv(path: Path, rows: Iterable[Row]) -> Path:
    lines = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: text(value) for name, value in line.items()} for line in lines)
    return path


def _jsonl(path: Path, rows: Iterable[Row]) -> Path:
    lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows]
    path.write_text("".join(lines), encoding="utf-8", newline="")
    return path


def text(value: object) -> str:
    """Return a value as it stands in a file."""
    match value:
        case None:
            return ""
        case bool():
            return str(int(value))
        case Decimal():
            return format(value, "f")
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)
