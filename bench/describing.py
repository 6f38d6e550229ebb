"""The features of a night, measured as a whole and by part: states, tables of days, groups."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime
from typing import Any
from unittest.mock import patch

from bench.result import NotMeasured
from bench.steps import Steps
from clients.portrait import building, carrying
from clients.portrait import selectors as portrait
from clients.portrait import services as features

REST = "rest"  # looking what is there already, joining the groups, writing the rows
# What computing calls for each part, and how the part is called by the arguments.
PROBED: tuple[tuple[Any, str, Callable[..., str]], ...] = (
    (carrying, "fold", lambda state, **_: f"state {state.table}"),
    (carrying, "bring_up", lambda table, *_: f"days {table.table}"),
    (building.Bucket, "compute", lambda _bucket, group: f"group {group}"),
)


class UnknownFeatures(NotMeasured):
    """A source of the generated lake brought nothing, or a file failed: the features would cost less than they do."""


def describe(*, day: date, cutoff: datetime, postmaster: int) -> Steps:
    """This will compute the features of a day; the CPU time by part."""
    steps = Steps(postmaster)
    with ExitStack() as stack:
        for place, name, part in PROBED:
            probe = steps.probe(part, REST, getattr(place, name))
            stack.enter_context(patch.object(place, name, probe))
        with steps.step(REST):
            features.compute_features(day=day, cutoff=cutoff)
    if blind := portrait.blind_features(day).keys() - portrait.waiting_features():
        raise UnknownFeatures(f"These features are unknown for everybody: {', '.join(sorted(blind))}.")
    return steps
