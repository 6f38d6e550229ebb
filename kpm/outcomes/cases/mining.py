"""Finds what the clients of a success case have in common that comparable others have not (STRATEGY 10).

    mine(table, figures) -> rules, the best first; none when nothing is found that holds on clients drawn anew

A shallow tree (scikit-learn) over the half of the clients that chooses gives paths, each an AND of comparisons. A path
is shortened while it loses next to nothing, rounded as a person would write it, and then counted on the other half
only, since on its own half every rule looks better than it is. It stays when that half shows it too, and when enough
searches on clients drawn anew find the same comparisons. A process of its own runs it (`python -m`), so that no worker
carries scikit-learn: JSON in, JSON out.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from sklearn.tree import DecisionTreeClassifier

from kpm.outcomes.cases.paths import paths_of
from kpm.outcomes.cases.table import Codes, Literal, Table, coded, rounded
from kpm.outcomes.formulas import Arm, newcombe

Rule = tuple[Literal, ...]


@dataclass(frozen=True)
class Figures:
    """Those of cases.yaml that the search itself reads."""

    depth: int
    bins: int
    least_in_rule: int
    resamples: int
    stable_share: float
    most_rules: int
    spare: float
    alike: float


@dataclass(frozen=True)
class Found:
    """A rule with what the estimating half says of it.

    `covered` of the `served` and `others` of the `compared` pass it; `stable` is the share of searches on clients drawn
    anew that found the same comparisons.
    """

    rule: Rule
    served: int
    covered: int
    compared: int
    others: int
    stable: float

    @property
    def quality(self) -> float:
        """Coverage less what comparable others pass it too: 1 parts them all, 0 parts nobody."""
        return self.covered / max(self.served, 1) - self.others / max(self.compared, 1)


def mine(table: Table, figures: Figures, seed: int = 1) -> list[Found]:
    """Return the rules that hold, the best first."""
    places = table.half(True)
    codes = coded(table, places, figures.bins)
    rules = sorted(_rules(table, codes, places, figures), key=lambda rule: -_quality(table, rule, places))
    kept = [rule for rule in rules if _shows(_counted(table, rule, 0.0), figures)]
    if not kept:
        return []
    again = _searches(table, codes, places, figures, seed)
    stable = [_counted(table, rule, _share(table, rule, again, figures)) for rule in kept]
    return [one for one in stable if one.stable >= figures.stable_share][: figures.most_rules]


def _rules(table: Table, codes: Codes, places: Sequence[int], figures: Figures) -> list[Rule]:
    """The paths of one tree as rules, shortened and rounded."""
    tree = DecisionTreeClassifier(
        max_depth=figures.depth, min_samples_leaf=figures.least_in_rule // 2, class_weight="balanced", random_state=0
    )
    if not codes.what:
        return []
    tree.fit([codes.rows[n] for n in places], [table.served[n] for n in places])
    rules = [_shortened(table, path, places, figures.spare) for path in paths_of(tree.tree_, codes)]
    return list(dict.fromkeys(tuple(_written(table, one) for one in rule) for rule in rules if rule))


def _shortened(table: Table, rule: Rule, places: Sequence[int], spare: float) -> Rule:
    """A rule without the comparisons that its quality does not need."""
    best = _quality(table, rule, places)
    for one in rule:
        less = tuple(other for other in rule if other is not one)
        if less and _quality(table, less, places) >= best - spare:
            return _shortened(table, less, places, spare)
    return rule


def _written(table: Table, one: Literal) -> Literal:
    """A comparison as a person would write it; of the unknown it speaks only where something is unknown."""
    value = one.value if isinstance(one.value, str) else rounded(one.value, one.column in table.whole)
    return Literal(one.column, one.op, value, one.unknown and one.column in table.gaps)


def _quality(table: Table, rule: Rule, places: Sequence[int]) -> float:
    return _count(table, rule, places, 0.0).quality


def _counted(table: Table, rule: Rule, stable: float) -> Found:
    return _count(table, rule, table.half(False), stable)


def _count(table: Table, rule: Rule, places: Sequence[int], stable: float) -> Found:
    passing = table.passing(rule, places)
    served, covered = (sum(table.served[n] for n in some) for some in (places, passing))
    return Found(rule, served, covered, len(places) - served, len(passing) - covered, stable)


def _shows(one: Found, figures: Figures) -> bool:
    """Whether the estimating half bears a rule out: enough of the case pass it, and more often than others do."""
    if one.covered < figures.least_in_rule // 2:
        return False
    apart = newcombe(Arm(one.served, one.covered), Arm(one.compared, one.others))
    return apart is not None and apart.lower > 0


def _searches(
    table: Table, codes: Codes, places: Sequence[int], figures: Figures, seed: int
) -> list[tuple[list[int], list[Rule]]]:
    """What searches on clients drawn anew find, with replacement, each with who was drawn."""
    random = Random(seed)  # noqa: S311 - which clients are drawn anew is no secret
    drawn = [random.choices(places, k=len(places)) for _search in range(figures.resamples)]
    return [(some, _rules(table, codes, some, figures)) for some in drawn]


def _share(table: Table, rule: Rule, searches: Sequence[tuple[list[int], list[Rule]]], figures: Figures) -> float:
    places = table.half(True)
    found = sum(any(_same(table, rule, other, places, figures.alike) for other in rules) for _some, rules in searches)
    return found / len(searches)


def _same(table: Table, rule: Rule, other: Rule, places: Sequence[int], alike: float) -> bool:
    """Whether two rules compare the same features in the same direction, or part the clients alike."""
    if sorted((one.column, one.op) for one in rule) == sorted((one.column, one.op) for one in other):
        return True
    mine, theirs = set(table.passing(rule, places)), set(table.passing(other, places))
    return len(mine ^ theirs) <= (1 - alike) * len(mine | theirs)


def asked(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Answer a search that came as JSON: the table and the figures in, rules with their counts out."""
    table = Table(**{**said["table"], "columns": tuple(said["table"]["columns"])})
    return [asdict(one) for one in mine(table, Figures(**said["figures"]), said["seed"])]


if __name__ == "__main__":
    json.dump(asked(json.load(sys.stdin)), sys.stdout)
