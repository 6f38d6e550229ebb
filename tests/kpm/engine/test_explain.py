"""Explaining one client: values, thresholds, three-valued truths, margins."""

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from kpm.engine import evidence
from kpm.engine.check import compile_condition
from kpm.engine.explain import Explanation, explain
from kpm.engine.match import Member, Source, match
from kpm.engine.truth import MissingValueError
from tests.kpm.engine import generate
from tests.kpm.engine.samples import CATALOGUE


def told(text: str, **row: Any) -> Explanation:
    return explain(compile_condition(text, CATALOGUE), row)


def test_each_comparison_shows_value_threshold_truth_and_margin() -> None:
    condition = compile_condition("ratio < 1.40 AND visits >= 5 AND flag", CATALOGUE)
    row = {"ratio": Decimal("1.38"), "visits": 3, "flag": None}

    found = explain(condition, row, scales={"ratio": Decimal("0.2")})

    shown = {r.record.text: (r.value, r.threshold, r.truth, r.margin) for r in found.leaves}
    assert found.truth is False
    assert shown == {
        "flag = TRUE": (None, True, None, None),
        "ratio < 1.4": (Decimal("1.38"), Decimal("1.4"), True, Decimal("-0.1")),
        "visits >= 5": (Decimal(3), Decimal(5), False, Decimal(-2)),
    }


@pytest.mark.parametrize(
    ("text", "row", "truth"),
    [
        ("flag AND other", {"flag": None, "other": False}, False),
        ("flag AND other", {"flag": None, "other": True}, None),
        ("flag OR other", {"flag": None, "other": True}, True),
        ("flag OR other", {"flag": None, "other": False}, None),
        ("NOT (flag AND other)", {"flag": None, "other": True}, None),
        ("flag IS TRUE", {"flag": None}, False),
        ("flag IS NOT TRUE", {"flag": None}, True),
        ("visits IS NULL", {"visits": None}, True),
        ("visits IN (1, 2)", {"visits": None}, None),
        ("visits NOT IN (1, 2)", {"visits": None}, None),
        ("visits BETWEEN 1 AND 2", {"visits": 2}, True),
        ("ratio >= 1.4", {"ratio": Decimal("1.400000")}, True),
        ("ratio > 1.4", {"ratio": Decimal("1.400000")}, False),
        ("ratio + line = 0.3", {"ratio": Decimal("0.1"), "line": Decimal("0.2")}, True),
        ("ratio > 2", {"ratio": float("nan")}, None),
        ("ratio > 2", {"ratio": float("inf")}, None),
        ("safe_div(debt, money) > 1", {"debt": 3, "money": 0}, None),
        ("safe_div(debt, money) > -3", {"debt": 3, "money": -2}, True),
        ("safe_div(debt, money) = 0.333333", {"debt": 1, "money": 3}, False),
        ("least(debt, money) > 1", {"debt": None, "money": 3}, True),
        ("least(debt, money) > 1", {"debt": None, "money": None}, None),
        ("coalesce(visits, 9) > 5", {"visits": None}, True),
        ("list_contains(held, 'a')", {"held": ["a", None]}, True),
        ("list_contains(held, 'b')", {"held": ["a", None]}, False),
        ("list_contains(held, 'b')", {"held": None}, None),
        ("last_contact < opened_on", {"last_contact": date(2026, 1, 1), "opened_on": date(2026, 1, 2)}, True),
        ("td_since(last_contact) >= 3", {"last_contact": date(2026, 1, 1), "last_contact__td": 3}, True),
        ("td_since(last_contact) >= 3", {"last_contact": None, "last_contact__td": None}, None),
    ],
)
def test_truths(text: str, row: dict[str, Any], truth: bool | None) -> None:
    assert told(text, **row).truth is truth


def test_a_date_is_counted_in_days() -> None:
    (leaf,) = told("last_contact >= DATE '2026-01-10'", last_contact=date(2026, 1, 7)).leaves

    assert leaf.margin == Decimal(-3)


def test_a_row_without_the_column_is_an_error_not_an_unknown() -> None:
    with pytest.raises(MissingValueError, match="no value for visits; give None"):
        told("visits > 3", ratio=1)


def test_stored_evidence_replays_every_hit() -> None:
    random = generate.Random(7)
    con = duckdb.connect()
    generate.table(con, [generate.row(random) for _ in range(60)])
    members = [Member(number, generate.condition(random)) for number in range(80)]

    found = match(Source(con, "feats"), members)

    assert found.broken == []
    assert len(found.hits) > 500
    replayed = [explain(members[hit.version].condition, evidence.read(hit.evidence)).truth for hit in found.hits]
    assert set(replayed) == {True}
