"""The strategies' part of a night, step by step: what the real run calls, one after another, each with its CPU time.

`matching` finds the hits of all versions and `evidence` the values that made them, in DuckDB; `copy` moves both into
the record; `gates` is what judging does besides `arbitration`; `lines` writes where every hit stood into the lake;
`publish` writes hits and funnel and ends with the commit.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from unittest.mock import patch

from django.db import connection, transaction
from django.db.models import Sum

from bench.steps import Steps
from clients.market.calendar import calendar
from kpm.engine.match import Broken
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.models import Funnel, Run, Stage, StrategyVersion
from kpm.strategies.services import finding
from kpm.strategies.services import judge as judging
from kpm.strategies.services.lines import write_lines
from kpm.strategies.services.publish import publish
from kpm.strategies.services.run import AFTER_SETTLEMENT

STEPS = ("matching", "evidence", "copy", "gates", "arbitration", "lines", "publish")


@dataclass
class Night:
    """What came out: versions, how many of them found somebody, hits matched and hits kept, and the funnel."""

    versions: int
    finding: int = 0
    matched: int = 0
    kept: int = 0
    broken: list[Broken] = field(default_factory=list)
    funnel: dict[str, int] = field(default_factory=dict)


def live(*, versions: Sequence[StrategyVersion], day: date, now: datetime, steps: Steps) -> Night:
    """This will match, judge and publish all versions over the published features of a day, in one transaction."""
    night = Night(len(versions))
    run = Run.objects.create(
        day=day, slot=AFTER_SETTLEMENT, cutoff=now, started_at=now, catalogue_version=catalogue().version
    )
    with ExitStack() as stack:
        for probe in _probes(steps):
            stack.enter_context(probe)
        _live(night, run, versions, now, steps)
    night.funnel = _funnel(run)
    night.finding = Funnel.objects.filter(run=run, step=Stage.MATCHED, reason="").values("version").distinct().count()
    return night


def _probes(steps: Steps) -> Iterator[Any]:
    """Steps that run inside others, measured where the real run calls them."""
    for name, step in (("match_into", "matching"), ("evidence_into", "evidence")):
        yield patch.object(finding, name, _probe(steps, step, "copy", getattr(finding, name)))
    arbitrate = judging.PREPARE[Stage.WON_ARBITRATION]
    probe = _probe(steps, "arbitration", "gates", arbitrate)
    yield patch.dict(judging.PREPARE, {Stage.WON_ARBITRATION: probe})


def _probe(steps: Steps, name: str, within: str, work: Callable[..., Any]) -> Callable[..., Any]:
    return steps.probe(lambda *_args, **_kwargs: name, within, work)


def _live(night: Night, run: Run, versions: Sequence[StrategyVersion], now: datetime, steps: Steps) -> None:
    with connection.cursor() as cursor:
        commit = ExitStack()
        with commit:
            commit.enter_context(transaction.atomic())
            with steps.step("copy"):
                night.matched, night.broken = finding.find(cursor, versions, run.day)
            with steps.step("gates"):
                judging.judge(cursor, versions, day=run.day, now=now, cal=calendar())
            with steps.step("lines"):
                write_lines(cursor, run, whole=True)
            judged = [version.pk for version in versions]
            with steps.step("publish"):
                night.kept = publish(cursor, run, judged, day=run.day, now=now)
                commit.close()


def _funnel(run: Run) -> dict[str, int]:
    """How many reached each step, by its name."""
    reached = Funnel.objects.filter(run=run, reason="").values_list("step").annotate(n=Sum("n"))
    return {Stage(step).name.lower(): n for step, n in sorted(reached)}
