"""The strategies' part of a night: the real run over all versions, each of its steps with its CPU time.

`matching` finds the hits of all versions and `evidence` the values that made them, in DuckDB; `copy` moves both into
the record; `gates` is what judging does besides `arbitration`; `lines` writes where every hit stood into the lake;
`publish` writes hits and funnel; `commit` is the rest, above all the commit, where the keys of the hits are checked.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from unittest.mock import patch

from django.db.models import Sum

from bench.steps import Steps
from clients.portrait import selectors as portrait
from kpm.strategies.models import Funnel, Run, RunStep, Stage, StrategyVersion
from kpm.strategies.services import finding
from kpm.strategies.services import judge as judging
from kpm.strategies.services import run as running
from kpm.strategies.services.places import Place

STEPS = ("matching", "evidence", "copy", "gates", "arbitration", "lines", "publish", "commit")
# The functions that the run calls, each with its step and the step that it runs inside.
PROBED = (
    (running, "find", "copy", "commit"),
    (running, "judge", "gates", "commit"),
    (running, "write_lines", "lines", "commit"),
    (running, "publish", "publish", "commit"),
    (finding, "match_into", "matching", "copy"),
    (finding, "evidence_into", "evidence", "copy"),
)


@dataclass(frozen=True)
class Night:
    """What came out: hits matched and kept, versions that could not be matched, those that found somebody, the funnel.

    `funnel` says how many hits reached each step, by its name.
    """

    matched: int
    kept: int
    broken: list[str]
    finding: int
    funnel: dict[str, int]


def live(*, versions: Sequence[StrategyVersion], day: date, now: datetime, steps: Steps) -> Night:
    """This will match, judge and publish these versions over the published features of a day.

    They need not be live, and those that wait for a feature are matched too.
    """
    with ExitStack() as stack:
        stack.enter_context(patch.object(running, "running", lambda _slot: [Place(version) for version in versions]))
        stack.enter_context(patch.object(portrait, "blind_features", lambda _day: {}))
        for probe in _probes(steps):
            stack.enter_context(probe)
        with steps.step("commit"):
            run = running.run_slot(day=day, now=now)
    return _told(run)


def _probes(steps: Steps) -> Iterator[Any]:
    for module, name, step, within in PROBED:
        yield patch.object(module, name, _probe(steps, step, within, getattr(module, name)))
    arbitrate = judging.PREPARE[Stage.WON_ARBITRATION]
    yield patch.dict(judging.PREPARE, {Stage.WON_ARBITRATION: _probe(steps, "arbitration", "gates", arbitrate)})


def _probe(steps: Steps, name: str, within: str, work: Callable[..., Any]) -> Callable[..., Any]:
    return steps.probe(lambda *_args, **_kwargs: name, within, work)


def _told(run: Run) -> Night:
    reached = Funnel.objects.filter(run=run, reason="")
    done = {step.step: step for step in RunStep.objects.filter(run=run)}
    return Night(
        matched=done["match"].rows_out,
        kept=done["publish"].rows_out,
        broken=done["match"].error.splitlines(),
        finding=reached.filter(step=Stage.MATCHED).values("version").distinct().count(),
        funnel={Stage(step).name.lower(): n for step, n in sorted(reached.values_list("step").annotate(n=Sum("n")))},
    )
