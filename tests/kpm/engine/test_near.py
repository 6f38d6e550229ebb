"""Near miss: applying it makes a hit, and brute force finds nothing cheaper."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import combinations, product
from random import Random
from typing import Any

import pytest

from kpm.engine import tree as t
from kpm.engine.check import Condition, compile_condition
from kpm.engine.explain import Scales, explain
from kpm.engine.near import Cost, NearMiss, near_miss
from tests.kpm.engine import generate
from tests.kpm.engine.samples import CATALOGUE


def near(text: str, **row: Any) -> NearMiss:
    found = near_miss(compile_condition(text, CATALOGUE), row)
    assert found is not None
    return found


def test_a_hit_has_no_near_miss() -> None:
    assert near_miss(compile_condition("visits > 3", CATALOGUE), {"visits": 4}) is None


def test_and_adds_up() -> None:
    found = near("visits >= 5 AND days >= 10 AND flag", visits=3, days=9, flag=True)

    assert found.cost == Cost(0, Decimal(3))
    assert found.changes == {"visits": 5, "days": 10}
    assert [result.record.text for result in found.turn] == ["days >= 10", "visits >= 5"]


def test_or_takes_the_cheapest() -> None:
    found = near("visits >= 5 OR days >= 10", visits=3, days=9)

    assert (found.cost, found.changes) == (Cost(0, Decimal(1)), {"days": 10})


def test_scales_make_distances_comparable() -> None:
    condition = compile_condition("visits >= 5 OR money >= 100000", CATALOGUE)
    row = {"visits": 3, "money": Decimal("90000")}

    found = near_miss(condition, row, scales={"money": Decimal("50000"), "visits": Decimal(4)})

    assert found is not None
    assert (found.cost, found.changes) == (Cost(0, Decimal("0.2")), {"money": Decimal(100000)})


def test_a_missing_value_is_dearer_than_any_distance() -> None:
    found = near("visits >= 5 OR days >= 10", visits=None, days=-1000)

    assert (found.cost, found.changes) == (Cost(0, Decimal(1010)), {"days": 10})


def test_a_missing_value_is_asked_for_when_nothing_else_helps() -> None:
    found = near("visits >= 5 AND flag", visits=None, flag=None)

    assert found.cost == Cost(2, Decimal(0))
    assert found.changes == {"visits": 5, "flag": True}


def test_two_comparisons_of_one_feature_are_met_together() -> None:
    found = near("visits >= 5 AND visits <> 5 AND visits < 7", visits=1)

    assert found.changes == {"visits": 6}


def test_the_values_stay_within_the_bounds_of_the_feature() -> None:
    found = near("ratio - line < 0", ratio=Decimal("0.5"), line=Decimal("-1"))

    assert found.changes == {"line": Decimal("0.500001")}


def test_dates_and_trading_days_are_moved() -> None:
    found = near(
        "td_since(last_contact) >= 3 AND opened_on < DATE '2026-01-02'",
        last_contact=date(2026, 1, 5),
        last_contact__td=1,
        opened_on=date(2026, 1, 4),
    )

    assert found.cost == Cost(0, Decimal(4))
    assert found.changes == {"last_contact__td": 3, "opened_on": date(2026, 1, 1)}


def with_truths(tree: t.Tree, truths: dict[t.Tree, bool | None]) -> bool | None:
    """Truth of a condition in normal form when its leaves have these truths."""
    if not isinstance(tree, t.Group):
        return truths[tree]
    parts = [with_truths(part, truths) for part in tree.parts]
    decisive = tree.op == "OR"
    return decisive if decisive in parts else (None if None in parts else not decisive)


def single_costs(condition: Condition, row: dict[str, Any], scales: Scales) -> dict[t.Tree, Cost]:
    """What each leaf costs alone, asked of each leaf as a condition of its own."""
    found = {}
    for record in condition.leaves:
        alone = near_miss(Condition(record.text, record.leaf, condition.features), row, scales=scales)
        found[record.leaf] = alone.cost if alone else Cost(0, Decimal(0))
    return found


def cheaper_sets(condition: Condition, row: dict[str, Any], cost: Cost, scales: Scales) -> Iterator[set[t.Tree]]:
    """Every set of leaves whose turning would make the condition TRUE for less."""
    truths: dict[t.Tree, bool | None] = {r.record.leaf: r.truth for r in explain(condition, row).leaves}
    costs, missed = single_costs(condition, row, scales), [leaf for leaf, truth in truths.items() if truth is not True]
    for size in range(1, len(missed) + 1):
        for turned in combinations(missed, size):
            total = sum((costs[leaf] for leaf in turned), Cost(0, Decimal(0)))
            if total < cost and with_truths(condition.tree, {**truths, **dict.fromkeys(turned, True)}) is True:
                yield set(turned)


def reachable(condition: Condition, row: dict[str, Any], turned: set[t.Tree], random: Random) -> bool:
    """Whether some of many random rows, changed in the columns of these leaves only, makes it a hit that way.

    That way: these leaves turn TRUE and no other leaf has to.
    """
    before = {result.record.leaf for result in explain(condition, row).leaves if result.truth is True}
    names = sorted({name for leaf in turned for name in t.names(leaf)})
    drawn = [[generate.row(random)[name] for _ in range(40)] for name in names]
    tried = product(*drawn) if len(names) <= 2 else (tuple(random.choice(d) for d in drawn) for _ in range(2000))
    for values in tried:
        told = explain(condition, {**row, **dict(zip(names, values, strict=True))})
        after = {result.record.leaf for result in told.leaves if result.truth is True}
        if told.truth is True and turned <= after <= before | turned:
            return True
    return False


def satisfiable(random: Random) -> Condition:
    """A condition that some client can meet; `x - x > 1` has no near miss."""
    while True:
        condition = generate.condition(random)
        if any(explain(condition, generate.row(random)).truth for _ in range(60)):
            return condition


def examine(seed: int, pairs: int, *, scaled: bool = False) -> tuple[int, int]:
    """Count near misses and those that become a hit; nothing reachable may be cheaper.

    When `scaled`, distances count in quartile distances, which differ from feature to feature.
    """
    random, found, hits = Random(seed), 0, 0
    numbers = [name for name, feature in CATALOGUE.features.items() if feature.is_number] if scaled else []
    scales = {name: Decimal(random.choice([1, 5, 40, 1000])) / 4 for name in numbers}
    while found < pairs:
        condition, row = satisfiable(random), generate.row(random)
        miss = near_miss(condition, row, scales=scales)
        if miss is None:
            continue
        found += 1
        hits += miss.changes is not None and explain(condition, {**row, **miss.changes}).truth is True
        for turned in cheaper_sets(condition, row, miss.cost, scales):
            assert not reachable(condition, row, turned, random), (condition.text, row, turned)
    return found, hits


@pytest.mark.parametrize("seed", range(4))
def test_near_misses_become_hits_and_none_is_cheaper(seed: int) -> None:
    found, hits = examine(seed, pairs=50)

    assert hits >= found * 0.96


def test_counted_in_quartile_distances_none_is_cheaper_either() -> None:
    found, hits = examine(seed=7, pairs=50, scaled=True)

    assert hits >= found * 0.96


@pytest.mark.slow
def test_ninety_nine_of_a_hundred_near_misses_become_hits() -> None:
    found, hits = examine(seed=20261122, pairs=5000)

    assert hits >= found * 0.99
