"""Replaying a condition: whom it meant on each day, and for whom that was new, against counting client by client."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpm.engine.backtest import NEVER_AGAIN, Turn, replay_into
from kpm.engine.check import compile_condition
from kpm.engine.match import Member, Source
from tests.kpm.engine.samples import CATALOGUE

FIRST = date(2026, 3, 2)
VISITED = Member(1, compile_condition("visits >= 5", CATALOGUE))


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as opened:
        opened.execute(
            "CREATE TABLE days (lake_day DATE, client_id BIGINT, visits BIGINT, visits__key VARCHAR, branch_id BIGINT)"
        )
        yield opened


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def turns(shut: int, days: int = 30) -> list[Turn]:
    return [Turn(day(number), number, shut) for number in range(days)]


def fill(con: duckdb.DuckDBPyConnection, rows: Iterable[tuple[int, int, int | None, str | None]]) -> None:
    values = [(day(number), client, visits, key, 7) for number, client, visits, key in rows]
    con.execute("DELETE FROM days")
    con.executemany("INSERT INTO days VALUES (?, ?, ?, ?, ?)", values)


def replayed(con: duckdb.DuckDBPyConnection, of: list[Turn], member: Member = VISITED, **kept: Any) -> list[Any]:
    replay_into(Source(con, "days"), member, of, into="found", **kept)
    return con.execute("SELECT * FROM found ORDER BY client_id, object_key, day").fetchall()


def test_who_matches_is_new_once_without_a_cool_down(con: duckdb.DuckDBPyConnection) -> None:
    fill(con, [(0, 1, 5, None), (1, 1, 4, None), (2, 1, 6, None), (0, 2, None, None), (3, 2, 9, None)])

    found = replayed(con, turns(NEVER_AGAIN))

    assert found == [(day(0), 1, "", True), (day(2), 1, "", False), (day(3), 2, "", True)]


def test_a_cool_down_counts_from_the_last_new_hit_and_not_from_the_last_match(con: duckdb.DuckDBPyConnection) -> None:
    fill(con, [(number, 1, 5, None) for number in range(7)])

    found = replayed(con, turns(3))

    assert [row[0] for row in found if row[3]] == [day(0), day(3), day(6)]


def test_each_object_is_counted_for_itself(con: duckdb.DuckDBPyConnection) -> None:
    fill(con, [(0, 1, 5, "A"), (1, 1, 5, "B"), (2, 1, 5, "A")])

    found = replayed(con, turns(NEVER_AGAIN), Member(1, VISITED.condition, anchors=("visits",)))

    assert [(row[2], row[3]) for row in found] == [("A", True), ("A", False), ("B", True)]


def test_columns_are_carried_along(con: duckdb.DuckDBPyConnection) -> None:
    fill(con, [(0, 1, 5, None)])

    assert replayed(con, turns(1), keep=("branch_id",)) == [(day(0), 1, "", 7, True)]


def one_by_one(matched: list[int], of: list[Turn]) -> list[int]:
    """The days that are new for one client, in order."""
    found, free = [], -1
    for number in sorted(matched):
        if of[number].place >= free:
            found.append(number)
            free = of[number].place + of[number].shut
    return found


DAYS = st.lists(st.integers(0, 29), unique=True, max_size=30)


@settings(max_examples=40, deadline=None)
@given(
    matched=st.lists(DAYS, min_size=1, max_size=4),
    shut=st.lists(st.sampled_from([1, 2, 3, 7, NEVER_AGAIN]), min_size=30, max_size=30),
    steps=st.lists(st.integers(1, 4), min_size=30, max_size=30),
)
def test_the_chain_equals_counting_one_by_one(matched: list[list[int]], shut: list[int], steps: list[int]) -> None:
    of = [Turn(day(number), sum(steps[:number]), shut[number]) for number in range(30)]
    with duckdb.connect(config={"threads": 1}) as con:
        con.execute("CREATE TABLE days (lake_day DATE, client_id BIGINT, visits BIGINT)")
        rows = [(day(number), client, 5) for client, numbers in enumerate(matched) for number in numbers]
        if rows:
            con.executemany("INSERT INTO days VALUES (?, ?, ?)", rows)

        found = replayed(con, of)

    new = {client: one_by_one(numbers, of) for client, numbers in enumerate(matched)}
    assert {(row[1], row[0]) for row in found if row[3]} == {(c, day(n)) for c, numbers in new.items() for n in numbers}
    assert len(found) == len(rows)
