"""The normal form, its ids and its slots."""

import hashlib

import pytest

from kpm.engine.check import compile_condition
from kpm.engine.tree import written
from tests.kpm.engine.samples import CATALOGUE


def normal(text: str) -> str:
    return compile_condition(text, CATALOGUE).normalised


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.40 > ratio", "ratio < 1.4"),
        ("RATIO <= 1.400", "ratio <= 1.4"),
        ("NOT (ratio < 1.4)", "ratio >= 1.4"),
        ("NOT (ratio < 1.4 AND flag)", "flag = FALSE OR ratio >= 1.4"),
        ("NOT (ratio < 1.4 OR NOT flag)", "flag = TRUE AND ratio >= 1.4"),
        ("ratio BETWEEN 1.30 AND 1.50", "ratio <= 1.5 AND ratio >= 1.3"),
        ("ratio NOT BETWEEN 1.30 AND 1.50", "ratio < 1.3 OR ratio > 1.5"),
        ("tier IN ('silver', 'gold', 'silver')", "tier IN ('gold', 'silver')"),
        ("visits IN (10, 9, 2.0)", "visits IN (2, 9, 10)"),
        ("tier NOT IN ('gold')", "tier <> 'gold'"),
        ("flag", "flag = TRUE"),
        ("NOT flag", "flag = FALSE"),
        ("flag <> FALSE", "flag = TRUE"),
        ("TRUE <> flag", "flag = FALSE"),
        ("visits IS NOT NULL AND (flag AND ratio > 1)", "flag = TRUE AND ratio > 1 AND visits IS NOT NULL"),
        ("NOT visits IS NULL", "visits IS NOT NULL"),
        ("NOT list_contains(held, 'a''b')", "NOT list_contains(held, 'a''b')"),
        ("(flag AND ratio > 1) IS TRUE", "(flag = TRUE) IS TRUE AND (ratio > 1) IS TRUE"),
        ("(flag AND ratio > 1) IS NOT TRUE", "(flag = TRUE) IS NOT TRUE OR (ratio > 1) IS NOT TRUE"),
        ("NOT (flag IS TRUE)", "(flag = TRUE) IS NOT TRUE"),
        ("(visits IS NULL) IS TRUE", "visits IS NULL"),
        ("money < debt", "debt > money"),
        ("0.10 + line > ratio", "ratio < line + 0.1"),
        ("debt + money > 3", "debt + money > 3"),
        ("money + debt > 3", "debt + money > 3"),
        ("(money + debt) + 1 > 3", "debt + money + 1 > 3"),
        ("money - (debt - 1) > 3", "money - (debt - 1) > 3"),
        ("2 * (money + debt) > 3", "(debt + money) * 2 > 3"),
        ("-money < -3", "money * -1 < -3"),
        ("-0.0 < change", "change > 0"),
        ("least(money, debt, money) > 1", "least(debt, money) > 1"),
        ("0.5 < safe_div(debt, money)", "safe_div(debt, money) > 0.5"),
        ("ratio < safe_div(debt, money)", "safe_div(debt, money) > ratio"),
        ("DATE '2026-01-01' > opened_on", "opened_on < DATE '2026-01-01'"),
    ],
)
def test_normal_text(text: str, expected: str) -> None:
    assert normal(text) == expected


def test_the_same_thing_said_twice_is_kept_once() -> None:
    assert normal("(flag AND ratio > 1) OR (ratio > 1 AND flag) OR other".replace("flag AND ratio > 1) OR (", "")) == (
        "(flag = TRUE AND ratio > 1) OR other = TRUE"
    )


def test_ids_are_the_first_sixteen_hex_digits_of_the_text() -> None:
    condition = compile_condition("flag AND 1.40 > ratio", CATALOGUE)

    assert condition.condition_hash == hashlib.sha256(b"flag = TRUE AND ratio < 1.4").hexdigest()[:16]
    assert [leaf.leaf_id for leaf in condition.leaves] == [
        hashlib.sha256(text).hexdigest()[:16] for text in (b"flag = TRUE", b"ratio < 1.4")
    ]


def test_equal_leaves_share_an_id_across_conditions() -> None:
    one = compile_condition("flag AND ratio < 1.40", CATALOGUE)
    other = compile_condition("NOT (1.4 <= ratio) AND other", CATALOGUE)

    assert one.leaves[1].leaf_id == other.leaves[1].leaf_id


@pytest.mark.parametrize(
    ("text", "slot", "op", "literal"),
    [
        ("ratio < 1.40", "ratio/<", "<", "1.4"),
        ("ratio < 1.50", "ratio/<", "<", "1.5"),
        ("coalesce(visits, 0) >= 3", "coalesce(visits, ?)/>=", ">=", "3"),
        ("ratio < coalesce(line, 1.4) + 0.1", "ratio/</coalesce(line, ?) + ?", "<", "coalesce(line, 1.4) + 0.1"),
        ("tier IN ('gold', 'basic')", "tier/IN", "IN", "'basic', 'gold'"),
        ("NOT list_contains(held, 'a')", "held/NOT list_contains", "NOT list_contains", "'a'"),
        ("visits IS NULL", "visits/IS NULL", "IS NULL", ""),
        ("(ratio < 1.4) IS TRUE", "ratio/< IS TRUE", "< IS TRUE", "1.4"),
    ],
)
def test_a_slot_stays_when_only_the_threshold_moves(text: str, slot: str, op: str, literal: str) -> None:
    (leaf,) = compile_condition(text, CATALOGUE).leaves

    assert (leaf.slot, leaf.op, leaf.literal) == (slot, op, literal)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("visits >= 2 AND ratio < 1.4", ["visits", "ratio"]),
        ("NOT (1.4 <= ratio) AND (visits = 1 OR flag) AND ratio > 0", ["ratio", "visits", "flag"]),
        ("debt - money > 0 AND days BETWEEN 1 AND 5", ["debt", "money", "days"]),
    ],
)
def test_features_can_be_named_in_the_order_of_the_text(text: str, names: list[str]) -> None:
    assert written(compile_condition(text, CATALOGUE).tree) == names
