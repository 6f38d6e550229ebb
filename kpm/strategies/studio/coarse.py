"""Counts for people of a branch: rounded, so that two conditions that differ by one client do not tell of him."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from clients.org.models import Branch
from kpm.engine.curves import Curve
from kpm.strategies.estimating import Estimate
from kpm.strategies.funnels import Preview
from kpm.strategies.sharing import Share

STEP = 5


def is_coarse(within: Branch | None) -> bool:
    """Whether who counts within a branch gets rounded counts; who counts the company, or from its head, does not."""
    return within is not None and within.parent_id is not None


def rounded(n: int) -> int:
    """Return a count in fives; somebody is never nobody."""
    return max(STEP, STEP * round(n / STEP)) if n else 0


def preview(found: Preview) -> Preview:
    """Return a preview with its counts rounded."""
    return replace(
        found, matched=rounded(found.matched), not_matched=rounded(found.not_matched), unknown=rounded(found.unknown),
        used=rounded(found.used), steps=tuple(map(_step, found.steps)), rounded=True,
        branches=tuple((branch, rounded(matched), rounded(left)) for branch, matched, left in found.branches),
    )  # fmt: skip


def _step(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "n": rounded(row["n"]), "stopped": [(reason, rounded(n)) for reason, n in row["stopped"]]}


def estimate(found: Estimate) -> Estimate:
    """Return an estimate with its counts rounded; what a pool has left is no count of clients."""
    return replace(
        found, left=rounded(found.left), held_out=rounded(found.held_out), lost=rounded(found.lost),
        no_capacity=rounded(found.no_capacity), wins=rounded(found.wins),
        pools=tuple(map(_share, found.pools)), people=tuple(map(_share, found.people)),
    )  # fmt: skip


def _share(one: Share) -> Share:
    return replace(one, hits=rounded(one.hits), wins=rounded(one.wins))


def curve(found: Curve) -> Curve:
    """Return a curve with its counts rounded."""
    return replace(found, points=tuple((point, rounded(n)) for point, n in found.points))
