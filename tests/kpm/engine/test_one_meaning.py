"""One condition means the same in DuckDB, in `explain` and in its normal form, on every row."""

from random import Random

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpm.engine.check import Condition, compile_condition
from kpm.engine.explain import explain
from tests.kpm.engine import generate
from tests.kpm.engine.samples import CATALOGUE

QUICK = {"conditions": 50, "rows": 40}
LONG = {"conditions": 500, "rows": 1000}


def answers(con: duckdb.DuckDBPyConnection, expressions: list[str]) -> list[tuple]:
    """One row of truths per client, in one query."""
    listed = ", ".join(f"({expression})" for expression in expressions)
    return con.execute(f"SELECT {listed} FROM feats ORDER BY client_id").fetchall()


def compare(seed: int, conditions: int, rows: int) -> None:
    random = Random(seed)
    clients = [generate.row(random) for _ in range(rows)]
    drawn = [generate.condition(random) for _ in range(conditions)]
    con = duckdb.connect()
    generate.table(con, clients)

    in_duckdb = answers(con, [condition.sql for condition in drawn])
    in_python = [tuple(explain(condition, client).truth for condition in drawn) for client in clients]

    for client, theirs, ours in zip(clients, in_duckdb, in_python, strict=True):
        different = [c.text for c, a, b in zip(drawn, theirs, ours, strict=True) if a is not b]
        assert different == [], client


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_explain_answers_as_duckdb_does(seed: int) -> None:
    compare(seed, **QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_ten_thousand_conditions_on_a_thousand_rows(seed: int) -> None:
    compare(seed, **LONG)


def is_plain(condition: Condition) -> bool:
    """Whether DuckDB knows every function in the author's own text."""
    return "safe_div" not in condition.text and "td_since" not in condition.text


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_the_normal_form_means_what_the_author_wrote(seed: int) -> None:
    random = Random(seed)
    drawn = [c for c in (generate.condition(random) for _ in range(60)) if is_plain(c)]
    con = duckdb.connect()
    generate.table(con, [generate.row(random) for _ in range(40)])

    written = answers(con, [condition.text for condition in drawn])
    normal = answers(con, [condition.normalised for condition in drawn])
    executed = answers(con, [condition.sql for condition in drawn])

    assert written == normal
    assert written == executed


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_the_normal_form_of_a_normal_form_is_itself(seed: int) -> None:
    random = Random(seed)
    for condition in (generate.condition(random) for _ in range(60)):
        again = compile_condition(condition.normalised, CATALOGUE)

        assert again.normalised == condition.normalised
        assert again.leaves == condition.leaves
