"""Asking for a back-test, and making it."""

from datetime import date, datetime, timedelta
from typing import Any

import duckdb
from django.db import transaction
from django.utils.translation import gettext as _

from clients.market.calendar import calendar
from clients.org.models import User
from clients.portrait import selectors as portrait
from clients.shared import clock, queue
from kpm.engine.check import check
from kpm.engine.problem import ConditionError
from kpm.strategies.backtesting.figures import figures
from kpm.strategies.backtesting.past import CannotTell
from kpm.strategies.backtesting.replaying import Replayed, replay
from kpm.strategies.catalogue_of import catalogue
from kpm.strategies.members import EVERYBODY
from kpm.strategies.models import BackTest, StrategyVersion

SAID = (
    "population",
    "condition",
    "occurrence",
    "occurrence_from",
    "cooldown_n",
    "cooldown_unit",
    "action",
    "handler",
    "goal",
)
LOST = timedelta(hours=6)  # a back-test that is not done by then is not waited for


class CannotTest(Exception):
    """A version that cannot be tested, with the reason in the reader's language."""


@transaction.atomic
def ask(*, version: StrategyVersion, days: int | None = None, by: User | None, now: datetime) -> BackTest:
    """This will put a back-test over the last trading days with features in line for a worker.

    Raises CannotTest when nothing is stored yet, the version's texts cannot be used, or `by` waits for enough others.
    """
    _refuse_many(by, now)
    first, last = span(days, now=now)
    _refuse_faults(version)
    said = {name: getattr(version, name) for name in SAID}
    test = BackTest.objects.create(version=version, asked_by=by, asked_at=now, from_day=first, to_day=last, said=said)
    queue.enqueue("strategies.backtest", test.pk, now=now)
    return test


def span(days: int | None, *, now: datetime) -> tuple[date, date]:
    """Return the first and the last of so many trading days up to the newest with features; raises CannotTest."""
    last = portrait.last_feature_day(clock.shanghai_day(now))
    if last is None:
        raise CannotTest(_("There are no features yet: run the day first."))
    number = min(max(days or figures().days, 1), figures().most_days)
    return calendar().window(last, number)[0], last


def perform(*, test: BackTest, now: datetime) -> BackTest:
    """This will make a back-test step by step; what speaks against it is kept in the row as its error."""
    BackTest.objects.filter(pk=test.pk).update(state=BackTest.State.RUNNING, error="")
    version, days = as_asked(test), days_of(test)
    try:
        made = replay(version, days, calendar(), tell=lambda step: _tell(test, step))
    except (CannotTell, ConditionError, duckdb.Error) as fault:
        _end(test, BackTest.State.FAILED, now, error=str(fault).splitlines()[0])
    else:
        _keep(test, made, now)
    test.refresh_from_db()
    return test


def days_of(test: BackTest) -> list[date]:
    """Return the trading days of a back-test, ascending."""
    cal = calendar()
    return cal.window(test.to_day, cal.count(test.from_day - timedelta(days=1), test.to_day))


def _tell(test: BackTest, step: str) -> None:
    BackTest.objects.filter(pk=test.pk).update(step=step)


@transaction.atomic
def _keep(test: BackTest, made: Replayed, now: datetime) -> None:
    _end(test, BackTest.State.DONE, now, result=made.result, sample=made.sample, input_hash=made.input_hash)
    if made.sample:
        # Who measures stands above, and is known by name only.
        queue.enqueue("outcomes.base_rate", test.pk, now=now)


def _end(test: BackTest, state: str, now: datetime, **fields: Any) -> None:
    BackTest.objects.filter(pk=test.pk).update(state=state, step="", made_at=now, **fields)


def as_asked(test: BackTest) -> StrategyVersion:
    """Return the version of a back-test with what it said when it was asked for."""
    version, said = test.version, dict(test.said)
    for name in said.keys() & set(SAID):
        setattr(version, name, said[name])
    return version


def _refuse_many(by: User | None, now: datetime) -> None:
    """One person does not keep every worker busy; what was asked for long ago is taken to be lost."""
    open_states = (BackTest.State.WAITING, BackTest.State.RUNNING)
    asked = BackTest.objects.filter(asked_by=by, state__in=open_states, asked_at__gt=now - LOST)
    if by is not None and asked.count() >= figures().at_once:
        raise CannotTest(_("Your back-tests before this one are not done yet; wait for them."))


def _refuse_faults(version: StrategyVersion) -> None:
    texts = [version.condition]
    texts += [] if version.population.strip().upper() == EVERYBODY else [version.population]
    problems = [problem for text in texts for problem in check(text, catalogue()).problems]
    if problems:
        raise CannotTest(" ".join(_(problem.sentence) % problem.values for problem in problems))
