"""A curve counts what moving the threshold and counting again would count."""

from decimal import Decimal
from random import Random

import duckdb
import pytest

from kpm.engine import curves
from kpm.engine.check import compile_condition
from kpm.engine.curves import Spread
from kpm.engine.match import Member, Source, count
from kpm.engine.normal import LeafRecord
from tests.kpm.engine import generate
from tests.kpm.engine.samples import CATALOGUE


def source(random: Random, rows: int = 200) -> Source:
    con = duckdb.connect()
    generate.table(con, [generate.row(random) for _ in range(rows)])
    return Source(con, "(SELECT *, 1 AS branch_id FROM feats)")


def counted(of: Source, text: str) -> int:
    return count(of, Member(1, compile_condition(text, CATALOGUE))).matched


def test_each_point_is_what_its_condition_counts() -> None:
    of = source(Random(7))
    member = Member(1, compile_condition("ratio > 1 AND (visits >= 3 OR money IS NULL)", CATALOGUE))
    thresholds = Spread(Decimal(0), Decimal(4), Decimal("0.5"), ())
    leaves = [(record, thresholds) for record in curves.movable(member.condition)]

    found = curves.curves(of, member, leaves)

    assert [record.text for record, _one in leaves] == ["visits >= 3", "ratio > 1"]
    of_visits = [counted(of, f"ratio > 1 AND (visits >= {n} OR money IS NULL)") for n in (1, 2, 3, 4)]
    assert [n for point, n in found[0].points if point % 1 == 0][1:] == of_visits
    of_ratio = [(p, counted(of, f"ratio > {p} AND (visits >= 3 OR money IS NULL)")) for p in thresholds.points[1:]]
    assert list(found[1].points)[1:] == of_ratio


@pytest.mark.parametrize("seed", range(6))
def test_curves_of_random_conditions_pass_through_what_they_count_now(seed: int) -> None:
    random = Random(seed)
    of = source(random)
    for member in (Member(1, generate.condition(random)) for _ in range(15)):
        now = count(of, member).matched
        leaves = [(record, _at(record)) for record in curves.movable(member.condition)]

        found = curves.curves(of, member, leaves)

        assert [one.points[0][1] for one in found] == [now] * len(leaves), member.condition.text


def _at(record: LeafRecord) -> Spread:
    """Just the threshold that it has."""
    at = curves.threshold(record)
    return Spread(at, at, Decimal(1), ())


def test_a_spread_holds_nearly_all_values_in_nice_steps() -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE feats AS SELECT range AS client_id, range AS visits FROM range(1000)")
    record = curves.movable(compile_condition("visits > 5", CATALOGUE))[0]

    found = curves.spread(Source(con, "feats"), Member(1, compile_condition("visits > 5", CATALOGUE)), record)

    assert found is not None
    assert (found.low, found.high, found.step) == (0, 1000, 100)
    assert sum(found.bars) == 1000
    assert found.points[:3] == (0, 100, 200)


def test_a_date_moves_by_days_and_counts_what_its_condition_counts() -> None:
    of = source(Random(3))
    member = Member(1, compile_condition("opened_on >= DATE '2024-01-31' AND flag", CATALOGUE))
    record = next(one for one in curves.movable(member.condition))

    lies = curves.spread(of, member, record)
    assert lies is not None
    found = curves.curves(of, member, [(record, lies)])[0]

    assert (curves.is_dated(record), curves.said(curves.threshold(record), dated=True)) == (True, "2024-01-31")
    assert lies.step >= 1
    assert sum(lies.bars) > 0
    said = [(curves.said(point, dated=True), n) for point, n in found.points[1:]]
    assert said == [(day, counted(of, f"opened_on >= DATE '{day}' AND flag")) for day, _n in said]
