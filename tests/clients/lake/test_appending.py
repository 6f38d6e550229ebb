"""Rows are added as they come, each key once; merging the pieces changes no row."""

from datetime import date
from pathlib import Path

import duckdb
import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from clients.lake import manifest as manifests
from clients.lake.appending import append, compact
from clients.lake.reading import open_lake, relation

DAY = date(2026, 11, 20)
ORDER = "client_id, word, n"
Row = tuple[int | None, str | None, int]
ROWS = st.tuples(
    st.sampled_from([None, 1, 99_999, 100_000]), st.sampled_from([None, "a", "b", "c", ""]), st.integers(0, 9)
)


def add(con: duckdb.DuckDBPyConnection, rows: list[Row]) -> int:
    """Append rows (client, word, n); a word comes once a day."""
    con.execute("CREATE OR REPLACE TEMP TABLE fresh (client_id BIGINT, word VARCHAR, n INTEGER)")
    if rows:
        con.executemany("INSERT INTO fresh VALUES (?, ?, ?)", rows)
    return append("words", DAY, con, "fresh", key=["word"], order=ORDER)


def stored(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """All rows of the day, in order."""
    return con.execute(f"SELECT client_id, word, n FROM {relation('words', [DAY])} ORDER BY {ORDER}").fetchall()


def expected(batches: list[list[Row]]) -> list[Row]:
    """The first row of every word: by batch, and within one by ORDER (NULL last)."""

    def place(row: Row) -> tuple[object, ...]:
        client, word, n = row
        return (client is None, client or 0, word is None, word or "", n)

    found: dict[str | None, Row] = {}
    for batch in batches:
        for row in sorted(batch, key=place):
            found.setdefault(row[1], row)
    return sorted(found.values(), key=place)


@hypothesis_settings(max_examples=25, deadline=None)
@given(batches=st.lists(st.lists(ROWS, max_size=8), min_size=1, max_size=4), compacted=st.integers(0, 4))
def test_the_first_row_of_each_key_stays_however_rows_come_in(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[Row]], compacted: int
) -> None:
    with override_settings(LAKE_DIR=tmp_path_factory.mktemp("lake")):
        with open_lake() as con:
            added = 0
            for n, batch in enumerate(batches):
                added += add(con, batch)
                if n == compacted:
                    compact("words", DAY, con, order=ORDER)
            again = [add(con, batch) for batch in batches]
            rows = stored(con)

    assert rows == expected(batches)
    assert added == len(rows)
    assert again == [0] * len(batches)


def test_new_rows_are_a_new_piece_and_old_pieces_are_not_copied(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    add(con, [(1, "a", 1), (100_000, "b", 1)])
    first = manifests.read("words", DAY)

    add(con, [(1, "a", 2), (1, "c", 1)])

    second = manifests.read("words", DAY)
    assert first is not None
    assert second is not None
    assert [piece.name for piece in second.pieces] == ["bucket=00", "bucket=00.1", "bucket=01"]
    assert second.files("bucket=00")[0].samefile(first.files("bucket=00")[0])


def test_rows_that_are_all_known_change_nothing(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    add(con, [(1, "a", 1)])
    before = manifests.read("words", DAY)

    added = add(con, [(1, "a", 1), (2, "a", 5)])

    assert added == 0
    assert manifests.read("words", DAY) == before


def test_compacting_gives_one_sorted_file_a_part_whatever_the_pieces_were(
    lake: Path, con: duckdb.DuckDBPyConnection
) -> None:
    rows: list[Row] = [(2, "b", 1), (1, "a", 1), (100_000, "c", 1)]
    for row in rows:
        add(con, [row])

    merged = compact("words", DAY, con, order=ORDER)
    again = compact("words", DAY, con, order=ORDER)

    found = manifests.read("words", DAY)
    assert (merged, again) == (True, False)
    assert found is not None
    assert [piece.name for piece in found.pieces] == ["bucket=00", "bucket=01"]
    in_file = con.execute(f"SELECT word FROM read_parquet('{found.files('bucket=00')[0]}')").fetchall()
    assert in_file == [("a",), ("b",)]


def test_a_day_that_was_never_published_cannot_be_compacted(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(manifests.NotPublished, match="no words of 2026-11-20"):
        compact("words", DAY, con, order=ORDER)

    assert manifests.days("words") == []


def test_a_column_that_appears_within_the_day_is_taken_in(lake: Path, con: duckdb.DuckDBPyConnection) -> None:
    add(con, [(1, "a", 1)])

    added = append(
        "words", DAY, con, "(SELECT 2::BIGINT AS client_id, 'b' AS word, 'ios' AS device)", key=["word"], order="word"
    )

    rows = con.execute(f"SELECT word, n, device FROM {relation('words', [DAY])} ORDER BY word").fetchall()
    assert added == 1
    assert rows == [("a", 1, None), ("b", None, "ios")]
