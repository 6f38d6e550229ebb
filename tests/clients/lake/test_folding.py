"""A state carried from day to day is what all rows together give, whenever they came and wherever folding began."""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from clients.lake import folding, paths, registry
from clients.lake import manifest as manifests
from clients.lake.folding import Running, fold
from clients.lake.publishing import GRACE, write_parts, writing
from clients.lake.reading import open_lake, relation, view
from tests.clients.lake.damages import DAMAGES

FIRST = date(2026, 11, 2)
NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
COLUMNS = {"id": "BIGINT", "day": "DATE", "client_id": "BIGINT", "n": "INTEGER", "arrived_at": "TIMESTAMPTZ"}
SUMS = Running(
    table="sums",
    source="parts",
    columns={"client_id": "BIGINT", "total": "BIGINT", "days": "BIGINT"},
    order="client_id",
    step="""SELECT client_id, sum(total)::BIGINT AS total, sum(days)::BIGINT AS days FROM (
        SELECT * FROM before UNION ALL
        SELECT client_id, sum(n), count(DISTINCT day) FROM rows WHERE n <> 0 GROUP BY client_id) GROUP BY client_id""",
    # A zero says: forget what was carried, look at everything again. Any state must be the same either way.
    restart="SELECT client_id FROM rows WHERE n = 0",
)
Row = tuple[int, int, int, int]  # day, client, n, hour of arrival
ROWS = st.tuples(st.integers(0, 5), st.sampled_from([1, 2, 100_001]), st.integers(-3, 3), st.integers(0, 9))


@pytest.fixture(autouse=True)
def _declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry._columns, "parts", COLUMNS)


def store(con: duckdb.DuckDBPyConnection, rows: list[Row]) -> None:
    """Publish these rows as all there is, each day that has some."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE all_rows ({', '.join(map(' '.join, COLUMNS.items()))})")
    for number, (day, client, n, hour) in enumerate(rows):
        moment = (NOON + timedelta(hours=hour)).isoformat()
        row = [number, FIRST + timedelta(days=day), client, n, moment]
        con.execute("INSERT INTO all_rows VALUES (?, ?, ?, ?, ?)", row)
    for day in sorted({FIRST + timedelta(days=row[0]) for row in rows}):
        with writing("parts", day) as draft:
            write_parts(con, draft, f"(SELECT * FROM all_rows WHERE day = DATE '{day}')", COLUMNS, order="id")


def state(con: duckdb.DuckDBPyConnection, day: date) -> list[tuple[int, int, int]]:
    """The published state of a day."""
    return con.execute(f"SELECT client_id, total, days FROM {relation('sums', [day])} ORDER BY 1").fetchall()


def expected(rows: list[Row], day: int, hour: int) -> list[tuple[int, int, int]]:
    """What the rows up to a day that had arrived by an hour give."""
    seen = [row for row in rows if row[0] <= day and row[3] <= hour and row[2] != 0]
    clients = sorted({row[1] for row in seen})
    mine = {client: [row for row in seen if row[1] == client] for client in clients}
    return [(client, sum(row[2] for row in mine[client]), len({row[0] for row in mine[client]})) for client in clients]


@hypothesis_settings(max_examples=25, deadline=None)
@given(
    early=st.lists(ROWS, max_size=10),
    late=st.lists(ROWS, max_size=4),
    asked=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9)), min_size=1, max_size=5),
)
def test_any_order_of_asking_gives_what_all_rows_give(
    tmp_path_factory: pytest.TempPathFactory, early: list[Row], late: list[Row], asked: list[tuple[int, int]]
) -> None:
    with override_settings(LAKE_DIR=tmp_path_factory.mktemp("lake")), open_lake() as con:
        for rows in (early, early + late):
            store(con, rows)
            for day, hour in asked:
                fold(SUMS, day=FIRST + timedelta(days=day), cutoff=NOON + timedelta(hours=hour))

                assert state(con, FIRST + timedelta(days=day)) == expected(rows, day, hour)


def test_a_day_starts_from_the_state_before_and_reads_only_what_is_new(
    lake: Path, con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(con, [(0, 1, 5, 0), (1, 1, 6, 0), (2, 1, 7, 0)])
    read: list[list[date]] = []

    def listening(con: duckdb.DuckDBPyConnection, table: str, days: list[date], **options: Any) -> None:
        read.append(days)
        view(con, table, days, **options)

    monkeypatch.setattr(folding, "view", listening)

    for day in (1, 2, 2):
        fold(SUMS, day=FIRST + timedelta(days=day), cutoff=NOON + timedelta(hours=9))

    assert read == [[FIRST, FIRST + timedelta(days=1)], [FIRST + timedelta(days=2)]]
    assert state(con, FIRST + timedelta(days=2)) == [(1, 18, 3)]


def test_a_late_row_goes_back_to_the_state_before_its_day(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    rows: list[Row] = [(0, 1, 5, 0), (2, 1, 7, 0), (4, 1, 8, 0)]
    store(con, rows)
    for day in (0, 2, 4):
        fold(SUMS, day=FIRST + timedelta(days=day), cutoff=NOON + timedelta(hours=1))

    store(con, [*rows, (1, 1, 100, 5)])
    fold(SUMS, day=FIRST + timedelta(days=4), cutoff=NOON + timedelta(hours=6))

    assert state(con, FIRST) == [(1, 5, 1)]
    assert state(con, FIRST + timedelta(days=4)) == [(1, 120, 4)]
    assert state(con, FIRST + timedelta(days=2)) == [(1, 12, 2)]  # not asked for again, so as it was then


def test_without_any_row_the_state_is_empty(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    rows = fold(SUMS, day=FIRST, cutoff=NOON)

    assert rows == 0
    assert state(con, FIRST) == []


def test_states_in_between_go_when_nobody_can_read_them(
    lake: Path, con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "KEPT", 2)
    store(con, [(0, 1, 1, 0)])
    days = [FIRST + timedelta(days=n) for n in range(5)]
    for day in days[:4]:
        fold(SUMS, day=day, cutoff=NOON)
    assert manifests.days("sums") == days[:4]
    for day in days[:4]:
        age(paths.day_dir("sums", day) / paths.MANIFEST)

    fold(SUMS, day=days[4], cutoff=NOON)

    assert manifests.days("sums") == [days[0], days[3], days[4]]  # the first of the month and the newest two


def age(file: Path) -> None:
    """Make a file look older than any query."""
    past = file.stat().st_mtime - GRACE.total_seconds() - 60
    os.utime(file, (past, past))


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_state_is_made_anew(
    lake: Path, con: duckdb.DuckDBPyConnection, damage: Callable[[Path], None]
) -> None:
    store(con, [(0, 1, 5, 0), (1, 1, 6, 0)])
    days = [FIRST, FIRST + timedelta(days=1)]
    for day in days:
        fold(SUMS, day=day, cutoff=NOON)
    for day in days:
        damage(paths.day_dir("sums", day))

    fold(SUMS, day=days[1], cutoff=NOON)

    assert state(con, days[1]) == [(1, 11, 2)]
