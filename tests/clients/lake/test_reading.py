"""Views over published days: typed when empty, whole when files differ, and closed to everything outside the lake."""

import os
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from clients.lake import registry
from clients.lake.publishing import writing
from clients.lake.reading import NotInLake, kept_open, open_lake, relation, view

DAY = date(2026, 11, 20)
NEXT = date(2026, 11, 21)


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that an app has declared, with a column that came later."""
    monkeypatch.setitem(registry._columns, "things", {"client_id": "BIGINT", "size": "DECIMAL(20,2)", "late": "DATE"})


def test_a_declared_table_without_files_is_empty_and_typed(con: duckdb.DuckDBPyConnection, declared: None) -> None:
    view(con, "things", [DAY])

    assert con.execute("SELECT * FROM things").fetchall() == []
    types = [row[:2] for row in con.execute("DESCRIBE things").fetchall()]
    assert types == [("client_id", "BIGINT"), ("size", "DECIMAL(20,2)"), ("late", "DATE")]


def test_a_table_that_nobody_knows_is_refused(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(NotInLake, match="no strangers"):
        view(con, "strangers", [DAY])


def test_a_column_that_came_later_is_null_in_older_files(con: duckdb.DuckDBPyConnection, declared: None) -> None:
    with writing("things", DAY) as draft:
        draft.write(con, "bucket=00", "SELECT 1::BIGINT AS client_id, 2.5::DECIMAL(20,2) AS size")
    only_old = con.execute(f"SELECT client_id, late FROM {relation('things', [DAY])}").fetchall()
    with writing("things", NEXT) as draft:
        draft.write(
            con, "bucket=00", "SELECT DATE '2026-11-21' AS late, 2::BIGINT AS client_id, 1.5::DECIMAL(20,2) AS size"
        )

    rows = con.execute(f"SELECT client_id, size::VARCHAR, late FROM {relation('things', [DAY, NEXT])} ORDER BY 1")

    assert only_old == [(1, None)]
    assert rows.fetchall() == [(1, "2.50", None), (2, "1.50", NEXT)]


def test_a_view_holds_the_days_asked_for_and_the_part_asked_for(con: duckdb.DuckDBPyConnection) -> None:
    for n in range(3):
        with writing("numbers", DAY + timedelta(days=n)) as draft:
            draft.write(con, "bucket=00", f"SELECT {n} AS n, 1 AS client_id")
            draft.write(con, "bucket=01", f"SELECT {n + 10} AS n, 100001 AS client_id")

    view(con, "numbers", [DAY, NEXT, date(2030, 1, 1)])
    view(con, "numbers", [DAY, NEXT], name="one_bucket", part="bucket=01", where="n > 10")

    assert con.execute("SELECT n FROM numbers ORDER BY 1").fetchall() == [(0,), (1,), (10,), (11,)]
    assert con.execute("SELECT n FROM one_bucket").fetchall() == [(11,)]


def test_moments_are_read_in_shanghai(con: duckdb.DuckDBPyConnection) -> None:
    shown = con.execute("SELECT (TIMESTAMPTZ '2026-11-20 16:30:00+00')::DATE").fetchall()

    assert shown == [(NEXT,)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('{outside}')",
        "COPY (SELECT 1) TO '{outside}'",
        "SET enable_external_access = true",
        "INSTALL postgres",
        "ATTACH '{outside}' AS other",
    ],
)
def test_nothing_outside_the_lake_can_be_reached(
    lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sql: str
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))  # which is open, besides the lake
    outside = tmp_path / "outside.txt"
    outside.write_text("as it was")

    with open_lake() as con, pytest.raises(duckdb.Error):
        con.execute(sql.format(outside=outside))

    assert outside.read_text() == "as it was"


def test_what_does_not_fit_in_memory_spills_into_a_folder_that_goes(lake: Path, settings: Any) -> None:
    settings.LAKE_MEMORY = "60MB"

    with open_lake() as con:
        con.execute("CREATE TEMP TABLE big AS SELECT i, hash(i)::VARCHAR AS h FROM range(3000000) t(i)")
        spilled = [file for file in lake.glob(".scratch/*/*") if "duckdb" in file.name]
        found = con.execute("SELECT count(DISTINCT h) FROM big").fetchall()

    assert found == [(3_000_000,)]
    assert spilled
    assert sorted(os.listdir(lake / ".scratch")) == [".held"]


def test_whoever_shares_a_database_keeps_his_temporary_things_to_himself(declared: None) -> None:
    with kept_open(), open_lake() as one, open_lake() as other:
        one.execute("CREATE TEMP TABLE mine AS SELECT 1 AS n")
        one.execute("CREATE TEMP MACRO day_of() AS 1")
        other.execute("CREATE TEMP MACRO day_of() AS 2")

        assert one.execute("SELECT n + day_of() FROM mine").fetchall() == [(2,)]
        assert other.execute("SELECT day_of()").fetchall() == [(2,)]
        with pytest.raises(duckdb.CatalogException):
            other.execute("FROM mine")
        assert other.execute("SELECT current_setting('TimeZone')").fetchall() == [("Asia/Shanghai",)]


def test_pages_of_a_process_share_one_database_when_it_is_told_so(
    tmp_path: Path, settings: Any, declared: None
) -> None:
    settings.LAKE_SHARED = True
    settings.LAKE_DIR = tmp_path / "one"

    with open_lake() as first, open_lake() as second:
        first.execute("CREATE TEMP TABLE mine AS SELECT 1 AS n")
        with pytest.raises(duckdb.CatalogException):
            second.execute("FROM mine")
        with pytest.raises(duckdb.PermissionException):
            second.execute("FROM read_text('/proc/self/status')")
        numbers = [con.execute("SELECT database_oid FROM duckdb_databases() WHERE database_name = 'memory'").fetchall()
                   for con in (first, second)]  # fmt: skip
    settings.LAKE_DIR = tmp_path / "another"
    with open_lake() as other:
        view(other, "things", [DAY])
        empty = other.execute("SELECT * FROM things").fetchall()

    assert numbers[0] == numbers[1]
    assert empty == []


def test_a_shared_database_is_closed_to_the_outside_and_serves_its_own_lake_only(
    tmp_path: Path, settings: Any, declared: None
) -> None:
    outside = tmp_path / "people.csv"
    outside.write_text("name\nBob\n")
    with writing("things", DAY) as draft, open_lake() as con:
        draft.write(con, "bucket=00", "SELECT 1::BIGINT AS client_id, 2.5::DECIMAL(20,2) AS size")

    with kept_open():
        with open_lake() as con, pytest.raises(duckdb.PermissionException):
            con.execute(f"FROM '/proc/self/{outside.name}'")
        settings.LAKE_DIR = tmp_path / "another"
        with open_lake() as con:
            assert con.execute(f"SELECT count(*) FROM {relation('things', [DAY])}").fetchall() == [(0,)]
