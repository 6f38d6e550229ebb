"""`bench cases`: what the search in success cases finds where a rule is planted, and where there is none.

    run(clients=50) -> Result      # so many cases of each kind, 200 clients each and 1,000 comparable others

One in ten clients of a case does not follow the planted rule of two or three comparisons, and one in ten of the others
follows it. `features_right` is the share of cases whose best rule names exactly the features of the planted one,
`thresholds_near` the share of its numbers within one bin of 32, `no_rule` the share of cases drawn from everybody in
which no rule is found (STRATEGY 11: 0.8, 0.7 and 0.9 wanted). The peer: one tree without shortening and without
searches on clients drawn anew, whose first path is taken as it is.
"""

import bisect
from collections.abc import Iterator
from dataclasses import replace
from time import process_time

from bench.planting import Planted, planted
from bench.result import Result
from kpm.outcomes.cases import mining
from kpm.outcomes.cases.settings import of_the_search
from kpm.outcomes.cases.table import Literal, Table

NAME, TITLE = "cases", "rules recovered from success cases, and rules seen where there are none"
CASES, COLUMNS, SEED, BINS = 50, 150, 20260311, 32


def run(*, clients: int | None = None) -> Result:
    """Search in so many cases with a planted rule, and in so many without one."""
    many, began = clients or CASES, process_time()
    known = [planted(SEED + n, leaves=2 + n % 2, columns=COLUMNS) for n in range(many)]
    nothing = [planted(SEED - 1 - n, leaves=0, columns=COLUMNS) for n in range(many)]
    ready = process_time()
    ours, plain = _figures(stable=True), _figures(stable=False)
    best = [_best(one.table, ours) for one in known]
    none = sum(not mining.mine(one.table, ours) for one in nothing)
    searched = process_time()
    peers = [_best(one.table, plain) for one in known]
    near = [close for one, rule in zip(known, best, strict=True) for close in _near(one, rule)]
    return Result(
        NAME,
        ratios={
            "features_right": _right(known, best), "thresholds_near": round(sum(near) / max(len(near), 1), 4),
            "no_rule": round(none / many, 4), "features_right_plain_tree": _right(known, peers),
            "no_rule_plain_tree": round(sum(not mining.mine(one.table, plain) for one in nothing) / many, 4),
        },
        cpu_s={"drawing": round(ready - began, 2), "searching": round(searched - ready, 2)},
        facts={"cases": many, "features": COLUMNS, "thresholds": len(near)},
    )  # fmt: skip


def _figures(*, stable: bool) -> mining.Figures:
    ours = mining.Figures(**of_the_search())  # type: ignore[arg-type]
    return ours if stable else replace(ours, resamples=1, stable_share=0.0, spare=-1.0)


def _best(table: Table, figures: mining.Figures) -> tuple[Literal, ...]:
    found = mining.mine(table, figures)
    return found[0].rule if found else ()


def _right(known: list[Planted], found: list[tuple[Literal, ...]]) -> float:
    return round(sum(map(_same, known, found)) / len(known), 4)


def _same(known: Planted, rule: tuple[Literal, ...]) -> bool:
    return {one.column for one in rule} == {one.column for one in known.rule}


def _near(known: Planted, rule: tuple[Literal, ...]) -> Iterator[bool]:
    """For each number of a rule with the right features whether it lies within a bin of the planted one."""
    asked = {one.column: one.value for one in known.rule}
    for one in rule if _same(known, rule) else ():
        value, wanted = one.value, asked[one.column]
        if isinstance(value, float) and isinstance(wanted, float):
            cells = sorted(row[known.table.columns.index(one.column)] or 0.0 for row in known.table.rows)  # type: ignore[type-var]
            yield abs(bisect.bisect_left(cells, value) - bisect.bisect_left(cells, wanted)) * BINS <= len(cells)  # type: ignore[type-var]
