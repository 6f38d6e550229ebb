"""The strategies' part of a night, step by step, each with its CPU time: the steps of the real run, one after another.

`matching` are the hits of all versions and the values that made them, in DuckDB; `copy` moves them into the record;
`gates` is what judging does besides `arbitration`; `lines` writes where every hit stood into the lake; `publish`
writes hits and funnel and ends with the commit.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from unittest.mock import patch

from django.db import connection, transaction
from django.db.models import Sum

from bench import cpu
from clients.market.calendar import calendar
from kpm.engine.match import Broken
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.models import Funnel, Run, Stage, StrategyVersion
from kpm.strategies.services import finding
from kpm.strategies.services import judge as judging
from kpm.strategies.services.lines import write_lines
from kpm.strategies.services.publish import publish
from kpm.strategies.services.run import AFTER_SETTLEMENT


@dataclass
class Night:
    """What was measured: CPU by step, in the order of the steps, and what came out."""

    postmaster: int
    spent: dict[str, cpu.Spent] = field(default_factory=dict)
    versions: int = 0
    matched: int = 0
    kept: int = 0
    broken: list[Broken] = field(default_factory=list)
    funnel: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str, *, within: str = "") -> Iterator[None]:
        """Measure a step; one that runs inside another is taken off that one."""
        with cpu.spent(self.postmaster) as measured:
            yield
        for one, sign in ((name, 1), (within, -1)):
            if one:
                sums = self.spent.setdefault(one, cpu.Spent())
                sums.own, sums.server = sums.own + sign * measured.own, sums.server + sign * measured.server

    @property
    def total(self) -> float:
        """CPU seconds of all steps."""
        return sum(spent.total for spent in self.spent.values())

    def probe(self, name: str, within: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """A function that does the same and is measured as a step of its own."""

        def measured(*args: Any, **kwargs: Any) -> Any:
            with self.step(name, within=within):
                return work(*args, **kwargs)

        return measured


def live(*, versions: Sequence[StrategyVersion], day: date, now: datetime, postmaster: int) -> Night:
    """This will match, judge and publish all versions over the published features of a day, in one transaction."""
    night = Night(postmaster, versions=len(versions))
    run = Run.objects.create(
        day=day, slot=AFTER_SETTLEMENT, cutoff=now, started_at=now, catalogue_version=catalogue().version
    )
    with ExitStack() as stack:
        for probe in _probes(night):
            stack.enter_context(probe)
        _live(night, run, versions, now)
    night.funnel = _funnel(run)
    return night


def _probes(night: Night) -> Iterator[Any]:
    """Steps that run inside others, measured where the real run calls them."""
    for name in ("match_into", "evidence_into"):
        step = "matching" if name == "match_into" else "evidence"
        yield patch.object(finding, name, night.probe(step, "copy", getattr(finding, name)))
    arbitrate = judging.PREPARE[Stage.WON_ARBITRATION]
    probe = night.probe("arbitration", "gates", arbitrate)
    yield patch.dict(judging.PREPARE, {Stage.WON_ARBITRATION: probe})


def _live(night: Night, run: Run, versions: Sequence[StrategyVersion], now: datetime) -> None:
    with connection.cursor() as cursor:
        commit = ExitStack()
        with commit:
            commit.enter_context(transaction.atomic())
            with night.step("copy"):
                night.matched, night.broken = finding.find(cursor, versions, run.day)
            with night.step("gates"):
                judging.judge(cursor, versions, day=run.day, now=now, cal=calendar())
            with night.step("lines"):
                write_lines(cursor, run, whole=True)
            judged = [version.pk for version in versions]
            with night.step("publish"):
                night.kept = publish(cursor, run, judged, day=run.day, now=now)
                commit.close()


def _funnel(run: Run) -> dict[str, int]:
    """How many reached each step, by its name."""
    reached = Funnel.objects.filter(run=run, reason="").values_list("step").annotate(n=Sum("n"))
    return {Stage(step).name.lower(): n for step, n in sorted(reached)}
