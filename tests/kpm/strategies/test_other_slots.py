"""The slots of the morning and of the session: the same funnel on last night's features with what came since."""

from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from clients.behaviour.models import BusinessFact
from clients.market.calendar import calendar
from clients.portrait import selectors as portrait
from clients.register.models import Client
from clients.shared import clock, queue
from kpm.strategies import jobs, services
from kpm.strategies.models import CapacityBudget, Hit, Run, Stage
from kpm.strategies.services.library import read_library
from kpm.strategies.session import in_session
from tests import factories as make
from tests.clients.portrait.happenings import event
from tests.clients.portrait.world import DAY, run
from tests.kpm.strategies.rounds import run as judged
from tests.kpm.strategies.rounds import version
from tests.kpm.strategies.within_the_day import (
    NOON,
    TODAY,
    last_night,
    launched,
    locked,
    morning,
    next_open,
    still_matches,
)

pytestmark = pytest.mark.django_db
CLOSING = "RET-ACC-001"


@pytest.fixture
def bob(settings: Any, tmp_path: Path) -> Client:
    """A client of last night."""
    settings.LAKE_DIR = tmp_path
    return last_night()


def older(of: Client) -> str:
    """A condition that is true of a client since this morning and was not last night."""
    night = portrait.feature_row(DAY, of.pk)
    assert night is not None
    return f"account_age_days > {night['account_age_days']}"


def test_before_the_opening_everybody_is_judged_by_the_features_of_the_morning(bob: Client) -> None:
    of = launched("A", older(bob), "account_age_days", "pre_open_0830")
    night, day = portrait.feature_row(DAY, bob.pk), next_open()

    done = services.run_morning(now=morning(day))

    assert done is not None
    assert (done.slot, done.day, done.state) == ("pre_open_0830", day, Run.State.PUBLISHED)
    assert set(Hit.objects.values_list("client__name", "version")) == {("Bob", of.pk), ("Charlie", of.pk)}
    assert portrait.feature_row(DAY, bob.pk) == night


def test_what_the_morning_finds_is_work_of_the_day_itself(bob: Client) -> None:
    day = next_open()
    launched("A", older(bob), "account_age_days", "pre_open_0830", handler="call_centre")
    for one in (day, calendar().shift(day, 1)):
        CapacityBudget.objects.create(day=one, pool="call_centre", capacity=int(one > day))

    services.run_morning(now=morning(day))

    assert set(Hit.objects.values_list("stopped_by", flat=True)) == {"no_capacity"}


def test_the_same_morning_again_is_the_same_run_and_finds_nothing_twice(bob: Client) -> None:
    launched("A", older(bob), "account_age_days", "pre_open_0830")
    first = services.run_morning(now=morning(next_open()))
    before = list(Hit.objects.order_by("pk").values())

    again = services.run_morning(now=morning(next_open()))

    assert (first, list(Hit.objects.order_by("pk").values())) == (again, before)


def test_on_a_closed_day_only_the_slot_of_every_day_runs(bob: Client) -> None:
    launched("A", older(bob), "account_age_days", "daily_0900")
    saturday = TODAY + timedelta(days=(5 - TODAY.weekday()) % 7)

    before_opening = services.run_morning(now=morning(saturday))
    every_day = services.run_morning(slot="daily_0900", now=morning(saturday))

    assert before_opening is None
    assert every_day is not None
    assert (every_day.day, Hit.objects.count()) == (saturday, 2)


def test_once_the_day_has_its_own_features_its_morning_is_over(bob: Client) -> None:
    assert services.run_morning(now=clock.at_shanghai(DAY, time(23))) is None
    assert not Run.objects.exists()


def test_an_application_to_close_reaches_its_funnel_with_its_number(bob: Client) -> None:
    services.load_library(entries=read_library(codes=(CLOSING,)), now=make.NOW)
    # Late in the evening TODAY is yet to begin, and what arrived before it would be of the night.
    BusinessFact.objects.create(
        kind="application_submitted", idem_key="A-1", at=NOON - timedelta(minutes=5), client_id=bob.pk,
        arrived_at=NOON - timedelta(minutes=5), object_id="A-1", properties={"service": "acct.close"},
    )  # fmt: skip

    done = services.run_within_the_day(now=NOON)

    hit = Hit.objects.get()
    assert done is not None
    assert (hit.strategy.code, hit.client, hit.object_key, hit.stage) == (CLOSING, bob, "A-1", Stage.WITHIN_CAPACITY)


def test_what_befalls_a_security_is_looked_at_for_those_who_hold_it(bob: Client) -> None:
    share = make.security()
    make.position(bob, share)
    launched("A", "held_newly_st_cnt_1d >= 1", "held_newly_st_cnt_1d", "intraday")
    run()
    event(share, "st_on", "E-1", (DAY - TODAY).days, arrived_at=NOON - timedelta(minutes=5))

    done = services.run_within_the_day(slot="intraday", now=NOON)

    assert done is not None
    assert (done.slot, list(Hit.objects.values_list("client__name", flat=True))) == ("intraday", ["Bob"])
    assert portrait.feature_row(TODAY, Client.objects.get(name="Charlie").pk, "intraday") is None


def test_the_night_judges_what_the_day_s_slots_could_not_see(bob: Client) -> None:
    launched("A", "account_age_days > 1", "account_age_days", "event")

    services.run_slot(day=DAY, now=NOON)

    assert Hit.objects.filter(strategy__code="A").count() == 2


def test_what_was_seen_earlier_in_the_day_is_still_known_when_others_came_after(bob: Client) -> None:
    calm = version("A", condition="login_lock_cnt_1d = 0", features=["login_lock_cnt_1d"])
    judged([(calm, bob)], now=make.NOW, day=DAY)
    hit = Hit.objects.select_related("version").get()
    locked(bob)
    for minute in (0, 16):  # the second look finds nothing new, and the third begins behind it
        services.run_within_the_day(now=NOON + timedelta(minutes=minute))
    locked(Client.objects.get(name="Charlie"), later=30)

    services.run_within_the_day(now=NOON + timedelta(minutes=45))

    assert not still_matches(hit, until=TODAY)
    with portrait.open_features(TODAY, "event") as (con, rows):
        assert con.execute(f"SELECT count(*) FROM {rows}").fetchone() == (1,)


@pytest.mark.parametrize(
    ("day", "hour", "trades"),
    [
        (20, time(9, 30), True),
        (20, time(12), False),
        (20, time(15), True),
        (20, time(15, 1), False),
        (21, time(10), False),
    ],
)
def test_the_session_is_that_of_the_exchanges(day: int, hour: time, trades: bool) -> None:
    assert in_session(clock.at_shanghai(date(2026, 11, day), hour)) is trades


@pytest.mark.parametrize(("hour", "asked"), [(time(8), []), (time(10), ["intraday"])])
def test_the_job_of_the_session_rests_at_other_hours(
    hour: time, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now, done = clock.at_shanghai(date(2026, 11, 20), hour), []
    monkeypatch.setattr(services, "run_within_the_day", lambda slot, now: done.append(slot))
    monkeypatch.setattr(clock, "now", lambda: now)
    row = queue.enqueue("strategies.run_in_session", now=now)

    jobs.run_in_session(row.pk)

    assert done == asked
