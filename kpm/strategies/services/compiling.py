"""What a condition becomes when its version is submitted: its normal form, its leaves, what it names."""

from typing import Any

from django.db.models import Max

from kpm.engine.check import compile_condition
from kpm.engine.normal import LeafRecord
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.models import Strategy


def compiled(text: str) -> dict[str, Any]:
    """Return the columns of a version that follow from its condition; raises kpm.engine.problem.ConditionError."""
    condition = compile_condition(text, catalogue())
    return {
        "normalised": condition.normalised,
        "condition_hash": condition.condition_hash,
        "leaves": [_leaf(leaf) for leaf in condition.leaves],
        "features": sorted(condition.features),
        "catalogue_version": catalogue().version,
    }


def next_number(strategy: Strategy) -> int:
    """Return the number of the version after the newest one, drafts included."""
    return (strategy.versions.aggregate(newest=Max("number"))["newest"] or 0) + 1


def _leaf(leaf: LeafRecord) -> dict[str, Any]:
    """A leaf as it is stored with a version: its id, its slot and its threshold."""
    return {"leaf_id": leaf.leaf_id, "slot": leaf.slot, "text": leaf.text, "op": leaf.op, "literal": leaf.literal}
