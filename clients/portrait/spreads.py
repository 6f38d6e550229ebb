"""How the values of each feature lie on a day: a small table beside the features, one row a feature.

Margins are counted in the distance between the quartiles, and whoever watches for jumps compares one night with the
next. Counts are exact; the quantiles are those of at most SAMPLE clients, drawn by their ids, since sorting every
column of a million rows would cost more than the features of many groups.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import duckdb

from clients.lake import manifest as manifests
from clients.lake import paths
from clients.lake.publishing import write_parts, writing
from clients.lake.reading import open_lake, relation
from clients.portrait import catalogue
from clients.portrait.building import TABLE as FEATURES
from clients.portrait.catalogue import Feature

TABLE = "feature_spreads"
SAMPLE = 50_000
SHARES = (0.01, 0.25, 0.5, 0.75, 0.99)
COLUMNS = {
    "feature": "VARCHAR", "clients": "BIGINT", "unknown": "BIGINT",
    "p01": "DOUBLE", "q1": "DOUBLE", "median": "DOUBLE", "q3": "DOUBLE", "p99": "DOUBLE",
}  # fmt: skip
NUMBERS = ("int", "decimal")


@dataclass(frozen=True)
class Lying:
    """How the values of one feature lie on a day; quantiles are None of what is no number or known of nobody."""

    feature: str
    clients: int
    unknown: int
    p01: float | None
    q1: float | None
    median: float | None
    q3: float | None
    p99: float | None


def publish(day: date) -> None:
    """This will write the table of a day whose features are published; the same features give the same table."""
    found = manifests.read(FEATURES, day)
    chosen = [one for one in catalogue.features() if found and one.name in found.columns]
    if not chosen:
        return
    with open_lake() as con, writing(TABLE, day) as draft:
        # All at once, column by column: a statement for each row costs a fifth of what the features cost.
        named = ", ".join(f"unnest(?::{kind}[]) AS {name}" for name, kind in COLUMNS.items())
        columns = [list(column) for column in zip(*_rows(con, day, chosen), strict=True)]
        con.execute(f"CREATE TEMP TABLE lying AS SELECT {named}", columns)
        write_parts(con, draft, "lying", COLUMNS, order="feature")


def _rows(con: duckdb.DuckDBPyConnection, day: date, chosen: list[Feature]) -> Iterator[list[Any]]:
    rows = relation(FEATURES, [day])
    known = ", ".join(f'count("{one.name}")' for one in chosen)
    clients, *counts = con.execute(f"SELECT count(*), {known} FROM {rows}").fetchall()[0]
    numbers = [one for one in chosen if one.dtype in NUMBERS]
    every = max(-(-clients // SAMPLE), 1)
    lists = ", ".join(f'quantile_disc(CAST("{one.name}" AS DOUBLE), {list(SHARES)})' for one in numbers)
    drawn = con.execute(f"SELECT {lists} FROM {rows} WHERE client_id % {every} = 0").fetchall()[0] if numbers else ()
    quantiles = {one.name: found for one, found in zip(numbers, drawn, strict=True)}
    for one, count in zip(chosen, counts, strict=True):
        yield [one.name, clients, clients - count, *(quantiles.get(one.name) or [None] * len(SHARES))]


def lying(day: date) -> Mapping[str, Lying]:
    """Return how each feature lies on a day, by name; empty when that was not counted."""
    found = manifests.read(TABLE, day)
    return _lying(f"{paths.root()}", day, found.version) if found else {}


@lru_cache(maxsize=8)
def _lying(root: str, day: date, version: str) -> Mapping[str, Lying]:
    with open_lake() as con:
        rows = con.execute(f"SELECT {', '.join(COLUMNS)} FROM {relation(TABLE, [day])}").fetchall()
    return {row[0]: Lying(*row) for row in rows}


def scales(day: date) -> dict[str, Decimal]:
    """Return the distance between the quartiles of each number on a day, where there is one."""
    found = ((name, one.q1, one.q3) for name, one in lying(day).items())
    return {name: Decimal(str(q3 - q1)) for name, q1, q3 in found if q1 is not None and q3 is not None and q3 > q1}
