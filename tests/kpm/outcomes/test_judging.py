"""What a night concludes of a running step: each answer with its reason, and what it does with the strategy."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation

from clients.market.calendar import calendar
from kpm.outcomes import services
from kpm.outcomes.formulas import Interval
from kpm.outcomes.models import EffectSnapshot
from kpm.outcomes.rollouts import Facts, decide
from kpm.outcomes.services.judging import facts_of
from kpm.strategies import selectors
from kpm.strategies.expected import judged_nights
from kpm.strategies.figures import launch
from kpm.strategies.models import (
    Funnel,
    HitFeedback,
    RolloutJudgement,
    RolloutStep,
    Run,
    Strategy,
    StrategyHold,
    StrategyVersion,
)  # fmt: skip
from tests import factories
from tests.factories import NOW
from tests.kpm.outcomes.world import hit
from tests.kpm.strategies.rounds import version

pytestmark = pytest.mark.django_db
BEGUN = date(2026, 11, 9)  # a Monday
DAY = date(2026, 11, 20)  # nine trading days later, a Friday
READY = Facts(days=10, served=50, answered=40)
HARM, GOOD = Interval(-0.3, -0.5, -0.1), Interval(0.1, -0.02, 0.22)


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def of() -> StrategyVersion:
    """A version in its pilot, of three steps; the second one goes on by itself."""
    found = version("A", holdout_pct=10)
    place = factories.client("Bob", manager=factories.staff("Ann")).branch
    for order, asks in enumerate((True, False, True), 1):
        RolloutStep.objects.create(
            version=found, order=order, share=10 * order, min_days=9, min_sample=1, approval=asks,
            drawn=[place.pk] if order == 1 else [], started_on=BEGUN if order == 1 else None,
        )  # fmt: skip
    Strategy.objects.update(status="pilot", pilot_version=found)
    return found


@pytest.mark.parametrize(
    ("changes", "asks", "answer", "reason"),
    [
        ({}, False, "advance", ""),
        ({}, True, "ask", ""),
        ({"days": 9}, True, "hold", "days"),
        ({"served": 49}, True, "hold", "sample"),
        ({"held": True}, True, "hold", "held"),
        ({"unhealthy": True}, True, "hold", "unhealthy"),
        ({"doubtful": True}, True, "hold", "doubtful"),
        ({"doubtful": True, "days": 9}, False, "hold", "days"),
        ({"without_room": 0.51}, False, "hold", "capacity"),
        ({"without_room": 0.5}, False, "advance", ""),
        ({"eve": True}, False, "hold", "eve"),
        ({"eve": True}, True, "ask", ""),
        ({"effect": GOOD}, False, "advance", ""),
        ({"effect": HARM, "days": 0}, False, "roll_back", "harmful"),
        ({"answers": {"complaint": 4}, "served": 0}, True, "roll_back", "complaint"),
        ({"answers": {"complaint": 1}}, False, "advance", ""),  # 2.5 %, but as little as 0.4 % may be behind it
        ({"answers": {"complaint": 29}, "answered": 29}, False, "advance", ""),  # too few answers to conclude anything
        ({"answers": {"refused_family": 7}}, False, "roll_back", "refused_family"),
        ({"answers": {"refused_family": 4}}, False, "advance", ""),
    ],
)
def test_the_first_rule_that_applies_answers(changes: dict[str, Any], asks: bool, answer: str, reason: str) -> None:
    step = RolloutStep(order=1, min_days=10, min_sample=50, approval=asks)

    assert decide(step, replace(READY, **changes), launch()) == (answer, reason)


def state() -> tuple[str, int]:
    """The strategy's state, and the step that runs."""
    begun = RolloutStep.objects.filter(started_on__isnull=False)
    return Strategy.objects.get().status, begun.count()


def night(day: date = DAY) -> list[tuple[str, str]]:
    """The answers of a night."""
    now = NOW + (day - NOW.date())
    return [(row.answer, row.reason) for row in services.judge_rollouts(day=day, now=now)]


def test_a_step_that_needs_a_person_only_asks_and_says_so(of: StrategyVersion) -> None:
    hit(of, factories.client())

    said = night()

    assert said == [("ask", "")]
    assert state() == ("pilot", 1)
    judged = RolloutJudgement.objects.get()
    assert (judged.step.order, judged.day, judged.figures["days"], judged.figures["served"]) == (1, DAY, 9, 1)
    assert selectors.waiting_steps() == 1
    assert "waits for a person" in judged_nights(of)


def test_a_night_is_judged_once_and_every_night_again(of: StrategyVersion) -> None:
    assert night() == [("hold", "sample")]
    assert night() == []
    assert night(DAY + timedelta(days=3)) == [("hold", "sample")]
    assert selectors.waiting_steps() == 0
    assert "too few clients served" in judged_nights(of)


def test_a_step_that_goes_on_by_itself_goes_on_and_the_last_one_brings_it_live(of: StrategyVersion) -> None:
    hit(of, factories.client())
    RolloutStep.objects.update(approval=False)

    first = night()
    after = state()
    RolloutStep.objects.filter(order=2).update(min_days=0, min_sample=0)
    RolloutStep.objects.filter(order=3).update(min_days=0, min_sample=0)
    more = [night(day) for day in calendar().window(DAY + timedelta(days=10), 4)[-2:]]

    assert (first, after) == ([("advance", "")], ("rolling", 2))
    assert (more, state()) == ([[("advance", "")], [("advance", "")]], ("live", 3))
    assert Strategy.objects.get().live_version == of
    assert list(of.events.order_by("pk").values_list("kind", "by")) == [
        ("stepped", None), ("stepped", None), ("launched", None),
    ]  # fmt: skip


def test_complaints_take_it_back_and_the_live_version_stays(of: StrategyVersion) -> None:
    for number in range(30):
        client = factories.client(login=False)
        said = "complaint" if number < 5 else "agreed"
        HitFeedback.objects.create(
            hit=hit(of, client), contact="reached", response=said, at=NOW - timedelta(days=9), idem_key=str(number)
        )
    old = StrategyVersion.objects.create(
        strategy=of.strategy, number=2, purpose="service", condition="TRUE", action="task", handler="client_manager",
        submitted_at=NOW,
    )  # fmt: skip
    Strategy.objects.update(live_version=old)

    said_by_night = night()

    row = Strategy.objects.get()
    assert said_by_night == [("roll_back", "complaint")]
    assert (row.status, row.live_version, row.pilot_version) == ("live", old, None)
    assert of.events.values_list("kind", "by", "note").get() == ("withdrawn", None, "complaint")
    assert night(DAY + timedelta(days=3)) == []


def snapshot(of: StrategyVersion, **fields: Any) -> None:
    zero = dict.fromkeys(("treated_n", "treated_x", "treated_missing", "held_n", "held_x", "held_missing"), 0)
    EffectSnapshot.objects.create(version=of, day=DAY, **{**zero, **fields})


def test_harm_that_an_interval_for_every_day_shows_takes_it_back(of: StrategyVersion) -> None:
    snapshot(of, state="harmful", difference=-0.35, daily_lower=-0.6, daily_upper=-0.1)

    assert night() == [("roll_back", "harmful")]
    assert state()[0] == "draft"


def test_arms_that_cannot_be_compared_hold_it(of: StrategyVersion) -> None:
    hit(of, factories.client())
    snapshot(of, state="unhealthy", treated_n=100, treated_x=5, held_n=100, held_x=40)

    assert night() == [("hold", "unhealthy")]


def test_what_looks_like_harm_but_is_not_proven_holds_it(of: StrategyVersion) -> None:
    hit(of, factories.client())
    snapshot(of, state="collecting", difference=-0.1, treated_n=20, treated_x=3, held_n=8, held_x=2)

    assert night() == [("hold", "doubtful")]
    assert "do better" in judged_nights(of)


def full(of: StrategyVersion) -> None:
    """A last run in which two of three found no room."""
    client = factories.client()
    run = hit(of, client).run
    Run.objects.update(state=Run.State.PUBLISHED)
    for step, reason, n in ((8, "", 3), (9, "", 1), (9, "no_capacity", 2)):
        Funnel.objects.create(run=run, version=of, branch=client.branch, step=step, reason=reason, n=n)


def held(of: StrategyVersion) -> None:
    run = hit(of, factories.client()).run
    StrategyHold.objects.create(version=of, run=run, kind="held_breaker", what="median", value=9, held_at=NOW)


@pytest.mark.parametrize(("prepare", "reason"), [(full, "capacity"), (held, "held")])
def test_without_room_or_held_it_stays(
    of: StrategyVersion, prepare: Callable[[StrategyVersion], None], reason: str
) -> None:
    prepare(of)

    assert night() == [("hold", reason)]
    assert state() == ("pilot", 1)


def test_nothing_goes_on_by_night_before_a_long_closure(of: StrategyVersion) -> None:
    hit(of, factories.client())
    cal = calendar()
    last = next(day for day in cal.open_days if day > DAY and (cal.shift(day, 1) - day).days > 3)
    step = of.steps.get(order=1)

    found = [facts_of(step, day=day, now=NOW).eve for day in (cal.shift(last, -2), cal.shift(last, -1), last)]

    assert found == [False, True, True]


def test_a_next_step_without_clients_waits(of: StrategyVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    hit(of, factories.client())
    RolloutStep.objects.update(approval=False, drawn=[])
    monkeypatch.setattr("kpm.strategies.services.launching.draw", lambda _step: [])

    assert night() == [("hold", "no_branch")]
    assert state() == ("pilot", 1)
    assert not of.events.exists()


def test_who_paused_it_stops_the_judging_too(of: StrategyVersion) -> None:
    Strategy.objects.update(status="paused")

    assert night() == []
    assert not RolloutJudgement.objects.exists()
