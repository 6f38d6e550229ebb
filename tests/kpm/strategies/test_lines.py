"""Lines in the lake of a run that the record rolled back: never read, and replaced when the run is taken up again."""

from pathlib import Path
from typing import Any

import pytest

from clients.lake.reading import open_lake, relation
from clients.portrait import selectors as portrait
from clients.register.models import Consent
from kpm.outcomes.selectors import stopped_early
from kpm.strategies import services
from kpm.strategies.models import Run
from kpm.strategies.services import run as running
from kpm.strategies.services.library import read_library
from tests import factories as make
from tests.clients.portrait.screen import Event, happen
from tests.clients.portrait.world import run as night
from tests.kpm.strategies import branch as story
from tests.kpm.strategies.test_event_slot import DAY, LOCKED, NOON, TODAY, locked

pytestmark = pytest.mark.django_db


class Killed(Exception):
    """The process died after it had written the lines."""


@pytest.fixture(autouse=True)
def lake(settings: Any, tmp_path: Path) -> None:
    settings.LAKE_DIR = tmp_path


def die(*args: Any, **kwargs: Any) -> int:
    raise Killed


def lines(table: str, day: Any) -> list[tuple[int, str, str]]:
    """Everything that lies in the lake: run, and where the line stopped."""
    with open_lake() as con:
        return con.execute(f"SELECT run_id, stage, stopped_by FROM {relation(table, [day])} ORDER BY ALL").fetchall()


def why(sample: story.Sample) -> dict[int, str]:
    return stopped_early([sample.refused.pk], since=story.DAY, until=story.DAY)


def test_lines_of_a_run_that_was_rolled_back_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    sample = story.build()
    with monkeypatch.context() as patched:
        patched.setattr(running, "publish", die)
        with pytest.raises(Killed):
            services.run_slot(day=story.DAY, now=story.features())
    killed, written = why(sample), len(lines("hits_after_settlement", story.DAY))

    services.run_slot(day=story.DAY, now=make.NOW)

    assert (killed, written) == ({}, 4)
    assert why(sample) == {sample.refused.pk: "no_consent"}
    assert len(lines("hits_after_settlement", story.DAY)) == 4


def test_the_lines_of_the_run_that_counts_outlive_a_later_attempt_that_died(monkeypatch: pytest.MonkeyPatch) -> None:
    sample = story.build()
    first = services.run_slot(day=story.DAY, now=story.features())
    make.cash(sample.moved, 13_201)
    Consent.objects.create(
        client=sample.refused, purpose="marketing", version="1", given=True, channel="app", at=make.NOW
    )
    cutoff = story.features()

    with monkeypatch.context() as patched:
        patched.setattr(running, "publish", die)
        with pytest.raises(Killed):
            services.run_slot(day=story.DAY, now=cutoff)
    still = why(sample)
    second = services.run_slot(day=story.DAY, now=cutoff)

    assert first.pk != second.pk
    assert (still, why(sample)) == ({sample.refused.pk: "no_consent"}, {})


def test_a_rerun_that_could_not_judge_a_version_keeps_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blind twice; the third run judges, and consent was given in the meantime."""
    sample = story.build()
    runs = [services.run_slot(day=story.DAY, now=story.features())]
    blind = dict.fromkeys(portrait.fresh_features(""), "its file failed")
    said = []
    with monkeypatch.context() as patched:
        patched.setattr(portrait, "blind_features", lambda day: blind)
        for cash in (13_201, 13_202):
            make.cash(sample.moved, cash)
            runs.append(services.run_slot(day=story.DAY, now=story.features()))
            said.append((why(sample), [run for run, *_ in lines("hits_after_settlement", story.DAY)]))
    Consent.objects.create(
        client=sample.refused, purpose="marketing", version="1", given=True, channel="app", at=make.NOW
    )
    make.cash(sample.moved, 13_203)

    services.run_slot(day=story.DAY, now=story.features())

    first, second, third = (run.pk for run in runs)
    served = {sample.refused.pk: "no_consent"}
    assert said == [(served, [first] * 4 + [second] * 4), (served, [second] * 4 + [third] * 4)]
    assert why(sample) == {}


def test_a_slot_within_the_day_that_died_says_what_it_found_the_second_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the two attempts the client's account was closed."""
    bob = make.client("Bob")
    make.fund_account(bob)
    services.load_library(entries=read_library(codes=(LOCKED,)), now=make.NOW)
    happen(Event(bob, "signed_in"))
    night(DAY)
    locked(bob)
    with monkeypatch.context() as patched:
        patched.setattr(running, "publish", die)
        with pytest.raises(Killed):
            services.run_within_the_day(now=NOON)
    bob.status = "closed"
    bob.save()

    done = services.run_within_the_day(now=NOON)

    assert done is not None
    assert (done.pk, Run.objects.count()) == (Run.objects.get().pk, 1)
    assert lines("hits_event", TODAY) == [(done.pk, 1, "account_status")]
