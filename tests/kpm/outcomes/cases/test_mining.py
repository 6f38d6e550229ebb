"""What the search finds in clients in whom a rule is planted, and in clients in whom there is none."""

import json
from dataclasses import asdict
from typing import Any

import pytest

from bench import cases
from bench.planting import planted
from kpm.outcomes.cases import mining
from kpm.outcomes.cases.services import searching
from kpm.outcomes.cases.settings import of_the_search
from kpm.outcomes.cases.table import KNOWN, UNKNOWN, Literal, Table, coded, rounded

FIGURES = mining.Figures(**{**of_the_search(), "resamples": 10})  # type: ignore[arg-type]


def names(rule: tuple[Literal, ...]) -> set[tuple[str, str]]:
    return {(one.column, one.op) for one in rule}


@pytest.mark.parametrize("leaves", [2, 3])
def test_a_planted_rule_is_found(leaves: int) -> None:
    known = planted(leaves, leaves=leaves)

    best = mining.mine(known.table, FIGURES)[0]

    assert names(best.rule) == names(known.rule)
    assert best.covered / best.served > 0.8 > 0.25 > best.others / best.compared
    assert best.stable >= FIGURES.stable_share


def test_the_benchmark_counts_rules_found_and_rules_imagined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "COLUMNS", 30)
    monkeypatch.setattr(cases, "of_the_search", lambda: {**of_the_search(), "resamples": 10})

    found = cases.run(clients=6).ratios

    assert found["features_right"] >= 0.8
    assert found["thresholds_near"] >= 0.7
    assert found["no_rule"] == 1
    assert found["features_right_plain_tree"] < found["features_right"]


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_found_where_nothing_is(seed: int) -> None:
    assert mining.mine(planted(seed, leaves=0).table, FIGURES) == []


def test_nothing_is_found_in_clients_who_are_all_alike() -> None:
    alike = Table(("f",), [[1.0]] * 200, [n < 100 for n in range(200)], [n % 2 == 0 for n in range(200)])

    assert mining.mine(alike, FIGURES) == []


def test_a_rule_says_that_a_value_is_known_where_that_is_all_that_matters() -> None:
    rows: list[list[float | str | None]] = [[float(n % 7)] if n < 100 else [None] for n in range(400)]
    table = Table(("f",), rows, [n < 100 for n in range(400)], [n % 2 == 0 for n in range(400)])

    best = mining.mine(table, FIGURES)[0]

    assert best.rule == (Literal("f", KNOWN, "", False),)
    assert (best.covered, best.others) == (50, 0)


def test_half_of_the_clients_choose_and_the_other_half_counts() -> None:
    known = planted(5)

    best = mining.mine(known.table, FIGURES)[0]

    counting = [n for n, chooses in enumerate(known.table.chooses) if not chooses]
    assert (best.served, best.compared) == (
        sum(known.table.served[n] for n in counting), sum(not known.table.served[n] for n in counting),
    )  # fmt: skip
    passing = known.table.passing(best.rule, counting)
    assert best.covered + best.others == len(passing)


def test_a_process_of_its_own_answers_the_same() -> None:
    table = planted(7, served=100).table
    said = {"table": {**asdict(table), "whole": sorted(table.whole)}, "figures": asdict(FIGURES), "seed": 1}

    answered: list[dict[str, Any]] = json.loads(json.dumps(mining.asked(json.loads(json.dumps(said)))))

    assert answered == [json.loads(json.dumps(asdict(one))) for one in mining.mine(table, FIGURES)]
    assert answered


def test_the_process_stands_where_the_search_calls_it() -> None:
    assert searching.PROCESS[1:] == ["-m", mining.__name__]


@pytest.mark.parametrize(
    ("literal", "cell", "passes"),
    [
        (Literal("f", ">=", 3.0), 3.0, True),
        (Literal("f", ">=", 3.0), 2.9, False),
        (Literal("f", "<", 3.0), 3.0, False),
        (Literal("f", "<", 3.0, True), None, True),
        (Literal("f", "<", 3.0), None, False),
        (Literal("f", "=", "low"), "low", True),
        (Literal("f", "<>", "low"), "low", False),
        (Literal("f", KNOWN, ""), 0.0, True),
        (Literal("f", KNOWN, ""), None, False),
        (Literal("f", UNKNOWN, "", True), None, True),
        (Literal("f", UNKNOWN, "", True), "low", False),
    ],
)
def test_a_comparison_passes_as_it_says(literal: Literal, cell: float | str | None, passes: bool) -> None:
    assert literal.holds(cell) is passes


def test_numbers_fall_into_bins_and_words_get_a_flag_each() -> None:
    table = Table(("n", "w", "same"), [[float(n), "a" if n else None, 1.0] for n in range(8)], [True] * 8, [True] * 8)

    codes = coded(table, range(8), 4)

    assert codes.what == (("n", [2.0, 4.0, 6.0]), ("w", "a"))
    assert [row[0] for row in codes.rows] == [0, 0, 1, 1, 2, 2, 3, 3]
    assert codes.rows[0][1] != codes.rows[0][1]  # unknown


@pytest.mark.parametrize(
    ("value", "whole", "said"), [(0.71429, False, 0.714), (12.6, True, 13), (123456.0, True, 123000)]
)
def test_thresholds_are_rounded_as_a_person_writes_them(value: float, whole: bool, said: float) -> None:
    assert rounded(value, whole) == said
