"""A call that a message promises takes a slot of the day on which it comes, not of the day of the message."""

from datetime import datetime, time, timedelta

import pytest

from clients.market.calendar import calendar
from clients.shared import clock
from kpm.strategies import services
from kpm.strategies.models import CapacityBudget, Hit, StrategyVersion
from tests import factories as make
from tests.kpm.strategies.rounds import DAY, run, stops, version

pytestmark = pytest.mark.django_db
NIGHT = clock.at_shanghai(DAY, time(19, 30))


def promise(code: str = "P", *, wait: int) -> StrategyVersion:
    """A message with a call of the call centre so many hours later."""
    return version(code, action="push_then_task", handler="call_centre", task_after_hours=wait, value=900)


def work(code: str = "W") -> StrategyVersion:
    """A call at once; worth less, so that it goes without when a promise takes the slot."""
    return version(code, handler="call_centre", value=1)


def one_slot(nights: int = 1) -> None:
    """The call centre can take one call on each day after these nights."""
    for night in range(nights):
        day = calendar().shift(DAY, night + 1)
        CapacityBudget.objects.create(day=day, pool="call_centre", capacity=1)


def nights(of: int) -> datetime:
    """The hour of the run, so many trading days later."""
    return clock.at_shanghai(calendar().shift(DAY, of), time(19, 30))


def judge(of: StrategyVersion, name: str, night: int) -> str:
    """What becomes of one hit in the run of a night."""
    done = run([(of, make.client(name, login=False))], now=nights(night), day=calendar().shift(DAY, night))
    return stops(done)[of.strategy.code, name]


@pytest.mark.parametrize(("wait", "taken"), [(0, "no_capacity"), (23, "no_capacity"), (24, ""), (96, "")])
def test_in_its_own_run_it_competes_only_for_the_day_on_which_it_comes(wait: int, taken: str) -> None:
    bob, charlie = make.client("Bob", login=False), make.client("Charlie", login=False)
    one_slot()

    done = run([(promise(wait=wait), bob), (work(), charlie)], now=NIGHT)

    assert stops(done) == {("P", "Bob"): "", ("W", "Charlie"): taken}


@pytest.mark.parametrize(
    ("wait", "taken"), [(0, ["", ""]), (24, ["no_capacity", ""]), (47, ["no_capacity", ""]), (96, ["", "no_capacity"])]
)
def test_later_runs_leave_it_the_slot_of_its_day(wait: int, taken: list[str]) -> None:
    """DAY is a Thursday: what comes on Friday evening or at the weekend is Monday's work."""
    asked = promise(wait=wait)
    run([(asked, make.client("Bob", login=False))], now=NIGHT)
    services.report_delivered(hits=[Hit.objects.get()], now=NIGHT + timedelta(minutes=1))
    one_slot(nights=3)

    found = [judge(work(f"W{night}"), f"C{night}", night) for night in (1, 2)]

    assert found == taken


def test_a_promise_that_came_to_nothing_leaves_its_slot() -> None:
    run([(promise(wait=24), make.client("Bob", login=False))], now=NIGHT - timedelta(minutes=31))
    services.report_delivered(hits=[Hit.objects.get()], now=NIGHT - timedelta(minutes=31))
    one_slot(nights=2)

    assert judge(work(), "Charlie", 1) == ""


def test_a_call_that_was_made_meanwhile_keeps_its_slot() -> None:
    run([(promise(wait=24), make.client("Bob", login=False))], now=NIGHT)
    hit = Hit.objects.get()
    services.report_delivered(hits=[hit], now=NIGHT - timedelta(minutes=20))
    services.report_tasks(hits=[hit], now=nights(1) - timedelta(minutes=20))
    one_slot(nights=2)

    assert judge(work(), "Charlie", 1) == "no_capacity"


@pytest.mark.parametrize(("answered", "taken"), [(time(15), ""), (None, "no_capacity"), (time(19, 20), "no_capacity")])
def test_work_of_the_day_that_was_done_on_it_takes_no_slot_of_the_next(answered: time | None, taken: str) -> None:
    """Found and handed out at noon; what is still open in the evening is the next day's work."""
    noon = clock.at_shanghai(DAY, time(12))
    run([(work("N"), make.client("Bob", login=False))], now=noon)
    hit = Hit.objects.get()
    services.report_tasks(hits=[hit], now=noon)
    services.report_delivered(hits=[hit], now=noon)
    if answered:
        services.record_feedback(
            hit_uid=hit.uid, contact="reached", response="", verdict="right", staff=None, idem_key="n",
            now=clock.at_shanghai(DAY, answered),
        )  # fmt: skip
    one_slot()

    assert judge(work(), "Charlie", 0) == taken
