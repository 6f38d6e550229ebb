"""The features of a night, measured as a whole and by part: states, tables of days, groups."""

from contextlib import ExitStack
from datetime import date, datetime
from unittest.mock import patch

from bench.steps import Steps
from clients.portrait import building
from clients.portrait import selectors as portrait
from clients.portrait import services as features

REST = "rest"  # looking what is there already, joining the groups, writing the rows


class StaleFeatures(Exception):
    """A source of the generated lake brought nothing: the features would cost less than they do."""


def describe(*, day: date, cutoff: datetime, postmaster: int) -> Steps:
    """This will compute the features of a day; the CPU time by part."""
    steps = Steps(postmaster)
    probes = [
        patch.object(features, "fold", steps.probe(lambda state, **_: f"state {state.table}", REST, features.fold)),
        patch.object(
            features, "bring_up", steps.probe(lambda table, *_: f"days {table.table}", REST, features.bring_up)
        ),
        patch.object(
            building.Bucket,
            "compute",
            steps.probe(lambda _bucket, group: f"group {group}", REST, building.Bucket.compute),
        ),
    ]
    with ExitStack() as stack:
        for probe in probes:
            stack.enter_context(probe)
        with steps.step(REST):
            features.compute_features(day=day, cutoff=cutoff)
    if stale := portrait.stale_features(day):
        raise StaleFeatures(f"These features are stale: {', '.join(stale)}.")
    return steps
