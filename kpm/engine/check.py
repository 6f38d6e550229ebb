"""The way in: text and catalogue to a condition that may be run, or to a list of problems.

The order is fixed: size and exactly one statement, node classes, names, types and units, size of the tree,
lint. Each stage runs only when the one before found nothing, so the first message is the one to act on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from kpm.engine import leaves, text
from kpm.engine import tree as t
from kpm.engine.catalogue import Catalogue, Feature
from kpm.engine.lint import FeatureHealth, lint
from kpm.engine.normal import LeafRecord, arrange, digest, normalise, records
from kpm.engine.parse import parse
from kpm.engine.problem import ConditionError, Problem
from kpm.engine.problem import gettext_noop as _
from kpm.engine.whitelist import convert

MOST_LEAVES = 24
DEEPEST = 6


@dataclass(frozen=True)
class Condition:
    """A condition that passed every check: its text as written, its normal form and what follows from it."""

    text: str
    tree: t.Tree
    features: Mapping[str, Feature]

    @cached_property
    def normalised(self) -> str:
        """The normal form as text; it can be checked again and gives itself."""
        return text.normal(self.tree)

    @cached_property
    def condition_hash(self) -> str:
        """Sixteen hex digits, equal for conditions with the same normal form."""
        return digest(self.normalised)

    @cached_property
    def leaves(self) -> tuple[LeafRecord, ...]:
        """Every different leaf in the order of the normal form."""
        return records(self.tree)

    @cached_property
    def sql(self) -> str:
        """The condition for DuckDB, over columns named like the features."""
        return text.database(self.tree)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns that `sql` reads and that stand in the evidence: features and `__td` companions."""
        return tuple(sorted({*self.features, *_companions(self.tree)}))


@dataclass(frozen=True)
class Checked:
    """Result of a check: the condition (None when refused), the errors, and warnings that refuse nothing."""

    condition: Condition | None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def check(condition: str, catalogue: Catalogue, *, health: FeatureHealth | None = None) -> Checked:
    """Check a condition and say everything that is wrong with it; never raises for a bad text."""
    try:
        tree = convert(parse(condition), condition)
    except ConditionError as refusal:
        return Checked(None, tuple(refusal.problems))
    found = leaves.check_names(tree, catalogue) or leaves.check_kinds(tree, catalogue) or _size_problems(tree)
    if found:
        return Checked(None, tuple(found))
    features = {name: catalogue[name] for name in sorted(t.names(tree))}
    return _linted(Condition(condition, normalise(tree), features), tree, health)


def compile_condition(condition: str, catalogue: Catalogue) -> Condition:
    """Give the checked condition; ConditionError with all problems when it may not be used."""
    checked = check(condition, catalogue)
    if checked.condition is None:
        raise ConditionError(list(checked.problems))
    return checked.condition


def _linted(condition: Condition, tree: t.Tree, health: FeatureHealth | None) -> Checked:
    found = lint(arrange(tree), condition.features, health)
    errors = tuple(problem for problem in found if problem.level == "error")
    warnings = tuple(problem for problem in found if problem.level == "warning")
    return Checked(None if errors else condition, errors, warnings)


def _size_problems(tree: t.Tree) -> list[Problem]:
    leaves, deep = len(list(t.leaves(tree))), _depth(arrange(tree))
    if leaves > MOST_LEAVES:
        sentence = _("%(count)s comparisons; at most %(most)s are allowed.")
        return [_too_much("too_many_leaves", sentence, leaves, MOST_LEAVES)]
    if deep > DEEPEST:
        return [_too_much("too_deep", _("Nested %(count)s levels deep; at most %(most)s are allowed."), deep, DEEPEST)]
    return []


def _too_much(code: str, sentence: str, found: int, most: int) -> Problem:
    return Problem(code, sentence, values={"count": found, "most": most})


def _depth(tree: t.Tree) -> int:
    if isinstance(tree, t.Group):
        return 1 + max(_depth(part) for part in tree.parts)
    return max(_value_depth(value) for leaf in t.leaves(tree) for value in t.values(leaf))


def _value_depth(value: t.Value) -> int:
    inner = value.args if isinstance(value, (t.Call, t.Arithmetic)) else ()
    return 1 + max((_value_depth(arg) for arg in inner), default=0)


def _companions(tree: t.Tree) -> set[str]:
    calls = (v for leaf in t.leaves(tree) for v in t.values(leaf) if isinstance(v, t.Call))
    return {text.companion(call.args[0].name) for call in calls if call.function == "td_since"}  # type: ignore[union-attr]
