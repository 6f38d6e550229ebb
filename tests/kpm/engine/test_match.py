"""Matching in one pass: hits with the values that made them, broken members, nan, unknown counts."""

import duckdb
import pytest

from kpm.engine.check import compile_condition
from kpm.engine.match import Broken, Counts, Hit, Member, Source, count, evidence_into, match, match_into
from tests.kpm.engine.samples import CATALOGUE


@pytest.fixture
def source() -> Source:
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE feats (client_id BIGINT, ratio DECIMAL(20,6), visits BIGINT, tier VARCHAR,"
        " visits__key VARCHAR, big BIGINT)"
    )
    con.execute(
        "INSERT INTO feats VALUES (1, 1.38, 4, 'gold', 'a', 1), (2, 1.40, 5, 'basic', 'b', 1),"
        " (3, NULL, 6, 'gold', NULL, 1), (4, 1.2, NULL, 'silver', 'd', 9223372036854775807)"
    )
    return Source(con, "feats")


def member(version: int, text: str, population: str | None = None, anchors: tuple[str, ...] = ()) -> Member:
    base = compile_condition(population, CATALOGUE) if population else None
    return Member(version, compile_condition(text, CATALOGUE), base, anchors)


def test_hits_carry_the_values_that_made_them(source: Source) -> None:
    found = match(source, [member(7, "ratio < 1.40"), member(8, "visits >= 5 AND tier = 'gold'")])

    assert found.broken == []
    assert found.hits == [
        Hit(7, 1, None, '{"ratio":"1.38"}'),
        Hit(7, 4, None, '{"ratio":"1.2"}'),
        Hit(8, 3, None, '{"tier":"gold","visits":6}'),
    ]


def test_the_anchor_names_the_object(source: Source) -> None:
    found = match(source, [member(1, "visits >= 5", anchors=("visits",))])

    assert [(hit.client, hit.object_key) for hit in found.hits] == [(2, "b"), (3, None)]


def test_of_several_anchors_the_first_that_has_a_key_names_the_object(source: Source) -> None:
    source.con.execute("ALTER TABLE feats ADD COLUMN ratio__key VARCHAR")
    source.con.execute("UPDATE feats SET ratio__key = 'r'")

    found = match(source, [member(1, "visits >= 5", anchors=("visits", "ratio"))])

    assert [(hit.client, hit.object_key) for hit in found.hits] == [(2, "b"), (3, "r")]


def test_a_preview_counts_without_the_key_and_a_run_reports_it_missing(source: Source) -> None:
    keyless = member(1, "ratio < 1.40", anchors=("ratio",))

    counts = count(source, keyless)
    found = match(source, [keyless])

    assert counts == Counts(2, 1, 1)
    assert found.broken == [Broken(1, "The feature table has no column ratio__key.")]


def test_the_population_bounds_the_hits(source: Source) -> None:
    found = match(source, [member(1, "visits >= 4", population="tier = 'gold'")])

    assert [hit.client for hit in found.hits] == [1, 3]


def test_a_broken_member_is_reported_and_the_others_go_on(source: Source) -> None:
    overflow = member(2, "big + big > 3")
    absent = member(3, "flag")

    found = match(source, [member(1, "ratio < 1.40"), overflow, absent, member(4, "visits = 5")])

    assert [(hit.version, hit.client) for hit in found.hits] == [(1, 1), (1, 4), (4, 2)]
    assert found.broken[0] == Broken(3, "The feature table has no column flag.")
    assert found.broken[1].version == 2
    assert "Overflow" in found.broken[1].reason
    assert len(found.broken) == 2


def test_batches_give_the_same_as_one_pass(source: Source) -> None:
    members = [member(number, f"visits >= {number}") for number in range(1, 8)]

    assert match(source, members, batch=2) == match(source, members, batch=100)


def test_a_value_that_is_not_finite_never_matches() -> None:
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE feats AS SELECT * FROM (VALUES (1, 'nan'::DOUBLE), (2, 'inf'), (3, 3.0)) t(client_id, ratio)"
    )
    source = Source(con, "feats")

    found = match(source, [member(1, "ratio > 2")])

    assert con.execute("SELECT count(*) FROM feats WHERE ratio > 2").fetchone() == (3,)
    assert [hit.client for hit in found.hits] == [3]
    assert count(source, member(1, "ratio > 2")) == Counts(matched=1, not_matched=0, unknown=2)


def test_unknown_is_counted_beside_matched_and_not(source: Source) -> None:
    assert count(source, member(1, "ratio < 1.40")) == Counts(2, 1, 1)
    assert count(source, member(1, "ratio < 1.40", population="tier = 'gold'")) == Counts(1, 0, 1)


def test_evidence_is_written_for_survivors_only(source: Source) -> None:
    members = [member(1, "ratio < 1.40"), member(2, "visits >= 5")]
    assert match_into(source, members, into="hits") == []
    source.con.execute("DELETE FROM hits WHERE client_id = 4")

    broken = evidence_into(source, members, hits="hits", into="proof")

    rows = source.con.execute("SELECT version, client_id, evidence FROM proof ORDER BY 1, 2").fetchall()
    assert broken == []
    assert rows == [(1, 1, '{"ratio":"1.38"}'), (2, 2, '{"visits":5}'), (2, 3, '{"visits":6}')]


def test_features_that_the_texts_show_stand_in_the_evidence_too(source: Source) -> None:
    plain = member(1, "ratio < 1.39 AND tier = 'gold'")
    shown = Member(1, plain.condition, shown=(CATALOGUE["visits"], CATALOGUE["ratio"]))

    found = match(source, [shown])

    assert [hit.evidence for hit in found.hits] == ['{"ratio":"1.38","tier":"gold","visits":4}']


def test_no_members_give_no_hits(source: Source) -> None:
    found = match(source, [])

    assert (found.hits, found.broken) == ([], [])
