"""Rows of feature, operator and value say what the text says, for every condition."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpm.engine.builder import Row, Rows, to_rows, to_text
from kpm.engine.check import check, compile_condition
from tests.kpm.engine import generate
from tests.kpm.engine.samples import CATALOGUE


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_rows_and_back_is_the_same_condition(seed: int) -> None:
    random = Random(seed)
    for condition in (generate.condition(random) for _ in range(5)):
        again = compile_condition(to_text(to_rows(condition), CATALOGUE), CATALOGUE)

        assert again.normalised == condition.normalised


def test_a_condition_becomes_rows_in_groups() -> None:
    written = "ratio < 1.40 AND (visits IS NULL OR tier IN ('gold', 'basic')) AND flag AND safe_div(debt, money) > 2"

    rows = to_rows(compile_condition(written, CATALOGUE))

    assert rows == Rows(
        "AND",
        (
            Row("flag", "yes"),
            Row("ratio", "<", "1.4"),
            Row(piece="safe_div(debt, money) > 2"),
            Rows("OR", (Row("tier", "in", "basic, gold"), Row("visits", "empty"))),
        ),
    )


@pytest.mark.parametrize(
    ("row", "written"),
    [
        (Row("tier", "=", "gold' OR flag OR tier = 'x"), "tier = 'gold'' OR flag OR tier = ''x'"),
        (Row("ratio", "<", "1 OR flag"), "ratio < '1 OR flag'"),
        (Row("last_contact", ">=", "2026-01-31"), "last_contact >= DATE '2026-01-31'"),
        (Row("held", "not holds", "600000"), "NOT list_contains(held, '600000')"),
        (Row("visits", "in", "1, 2,"), "visits IN (1, 2)"),
        (Row("flag or ratio", "<", "1"), '"flag or ratio" < 1'),
        (Row(), ""),
    ],
)
def test_what_is_typed_can_only_be_a_value(row: Row, written: str) -> None:
    assert to_text(Rows("AND", (row,)), CATALOGUE) == written


def test_a_value_that_does_not_fit_is_refused_with_a_sentence() -> None:
    found = check(to_text(Rows("AND", (Row("ratio", "<", "much"),)), CATALOGUE), CATALOGUE)

    assert [problem.code for problem in found.problems] == ["type"]
