"""Within the day: only who did something is looked at, at once, and nobody else's hits are touched."""

from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from clients.portrait import carrying, catalogue, sqlfiles
from clients.portrait import selectors as portrait
from clients.register.models import Client
from clients.shared import clock
from kpm.strategies import selectors, services
from kpm.strategies.models import Hit, Run, Stage, Strategy
from kpm.strategies.services.library import read_library
from tests import factories as make
from tests.clients.portrait.screen import Event, happen
from tests.clients.portrait.world import DAY, now, run
from tests.kpm.strategies.rounds import run as judged
from tests.kpm.strategies.rounds import version

pytestmark = pytest.mark.django_db
LOCKED = "GRW-ACC-005"
# Rows of the record arrive by the database's clock, so the story plays now; the night's data are those of DAY.
NOW = now()
TODAY = clock.shanghai_day(NOW + timedelta(hours=3))
NOON = clock.at_shanghai(TODAY, time(23))
GROUP = sqlfiles.group


@pytest.fixture
def bob(settings: Any, tmp_path: Path) -> Client:
    """A client of last night, the strategy of locked accounts, and Charlie who does nothing."""
    settings.LAKE_DIR = tmp_path
    bob, charlie = make.client("Bob"), make.client("Charlie")
    for one in (bob, charlie):
        make.fund_account(one)
    services.load_library(entries=read_library(codes=(LOCKED,)), now=make.NOW)
    happen(Event(charlie, "signed_in"))
    run()
    return bob


def locked(of: Client, *, later: int = 0) -> None:
    """Locked out today, `later` minutes before or after NOON."""
    event = Event(of, "sign_in_locked", (DAY - TODAY).days, 22)
    happen(event, arrived_at=NOON + timedelta(minutes=later - 5))


def failing(group: str) -> sqlfiles.SqlFile:
    """The feature files, with that of the group `behaviour` naming a column that is not there."""
    sound = GROUP(group)
    return replace(sound, text="SELECT client_id, nope FROM clients") if group == "behaviour" else sound


def test_an_account_that_was_locked_is_found_within_the_day(bob: Client) -> None:
    locked(bob)

    done = services.run_within_the_day(now=NOON)

    hit = Hit.objects.get()
    assert done is not None
    assert (done.slot, done.day, done.state) == ("event", TODAY, Run.State.PUBLISHED)
    assert (hit.client, hit.stage, hit.evidence["login_lock_cnt_1d"]) == (bob, Stage.WITHIN_CAPACITY, 1)


def test_its_row_is_last_night_s_with_the_new_columns_and_the_night_s_stays(bob: Client) -> None:
    locked(bob)

    services.run_within_the_day(now=NOON)

    with portrait.open_features(TODAY, "event") as (con, rows):
        found = con.execute(f"SELECT client_id, login_lock_cnt_1d, account_age_days FROM {rows}").fetchall()
    night = portrait.feature_row(DAY, bob.pk)
    assert night is not None
    assert found == [(bob.pk, 1, night["account_age_days"])]
    assert night["login_lock_cnt_1d"] == 0


def test_when_nothing_changed_it_is_the_same_run(bob: Client) -> None:
    locked(bob)
    first = services.run_within_the_day(now=NOON)
    before = Hit.objects.values().get()

    again = services.run_within_the_day(now=NOON + timedelta(minutes=1))

    assert first == again
    assert (Run.objects.count(), Hit.objects.values().get()) == (1, before)


def test_when_nothing_arrived_for_long_nothing_runs(bob: Client) -> None:
    locked(bob)
    services.run_within_the_day(now=NOON)

    assert services.run_within_the_day(now=NOON + timedelta(minutes=20)) is not None
    assert services.run_within_the_day(now=NOON + timedelta(minutes=40)) is None


def test_before_the_first_night_there_is_nothing_to_run_on(settings: Any, tmp_path: Path) -> None:
    settings.LAKE_DIR = tmp_path

    assert services.run_within_the_day(now=NOON) is None
    assert not Run.objects.exists()


def test_the_next_client_s_event_leaves_the_first_one_s_hit_alone(bob: Client) -> None:
    locked(bob)
    services.run_within_the_day(now=NOON)
    first = Hit.objects.get()
    locked(Client.objects.get(name="Charlie"), later=30)

    second = services.run_within_the_day(now=NOON + timedelta(minutes=45))

    assert second is not None
    again = Hit.objects.get(client=bob)
    assert (again.pk, again.stage, again.stopped_by) == (first.pk, first.stage, first.stopped_by)
    assert Hit.objects.get(client__name="Charlie").run == second


def test_what_the_slot_saw_says_whether_a_hit_of_the_night_still_matches(bob: Client) -> None:
    charlie = Client.objects.get(name="Charlie")
    calm = version("A", condition="login_lock_cnt_1d = 0", features=["login_lock_cnt_1d"])
    judged([(calm, bob), (calm, charlie)], now=make.NOW, day=DAY)
    hits = {hit.client_id: hit for hit in Hit.objects.select_related("version")}
    before = [selectors.still_matches(hit, until=TODAY) for hit in hits.values()]
    locked(bob)

    services.run_within_the_day(now=NOON)

    assert before == [True, True]
    assert not selectors.still_matches(hits[bob.pk], until=TODAY)
    assert selectors.still_matches(hits[charlie.pk], until=TODAY)


def test_features_that_no_published_run_has_used_say_nothing(bob: Client) -> None:
    judged([(version("A", condition="login_lock_cnt_1d = 1", features=["login_lock_cnt_1d"]), bob)], now=make.NOW)
    hit = Hit.objects.select_related("version").get()
    before = selectors.still_matches(hit, until=DAY)

    services.run_slot(day=DAY, now=NOW)

    assert (before, selectors.still_matches(hit, until=DAY)) == (True, False)


def test_a_second_run_of_the_same_day_says_it_too(bob: Client) -> None:
    """The day's data were corrected after the hit had been found."""
    judged([(version("A", condition="login_lock_cnt_1d = 1"), bob)], now=make.NOW, day=DAY)
    hit = Hit.objects.select_related("version").get()
    Run.objects.update(state=Run.State.SUPERSEDED)
    before = selectors.still_matches(hit, until=DAY)

    services.run_slot(day=DAY, now=NOW)

    assert (before, selectors.still_matches(hit, until=DAY)) == (True, False)


def test_a_run_that_was_blind_for_a_feature_says_nothing(bob: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    blind = version("A", condition="login_lock_cnt_1d = 1", features=["login_lock_cnt_1d"])
    judged([(blind, bob)], now=make.NOW)
    services.run_slot(day=DAY, now=NOW)
    monkeypatch.setattr(portrait, "blind_features", lambda day: {"login_lock_cnt_1d": "its source brought nothing"})

    assert selectors.still_matches(Hit.objects.select_related("version").get(), until=DAY)


def test_a_catalogue_that_changed_since_the_night_waits_for_the_next_one(
    bob: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    known = catalogue.features()
    with monkeypatch.context() as patched:  # last night there was one feature less
        patched.setattr(
            catalogue, "features", lambda: tuple(one for one in known if one.name != "annual_statement_viewed")
        )
        run()
    locked(bob)

    refused = services.run_within_the_day(now=NOON)
    run()
    served = services.run_within_the_day(now=NOON)

    assert refused is None
    assert "were computed by another catalogue" in caplog.text
    assert served is not None
    assert Hit.objects.get().client == bob


def test_a_group_that_fails_in_the_slot_is_named_and_the_slot_rests_until_it_is_mended(
    bob: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    locked(bob)
    with monkeypatch.context() as patched:
        patched.setattr(sqlfiles, "group", failing)
        refused = services.run_within_the_day(now=NOON)
    runs, named = Run.objects.count(), [line for line in caplog.messages if "behaviour.sql" in line]

    served = services.run_within_the_day(now=NOON + timedelta(minutes=40))

    assert (refused, runs, len(named)) == (None, 0, 1)
    assert named[0].startswith("the slot event rests until this is mended: behaviour.sql: ")
    assert '"nope" not found' in named[0]
    assert served is not None
    assert Hit.objects.get().client == bob


def test_a_state_that_cannot_be_carried_on_is_named_and_the_slot_rests_until_it_is_mended(
    bob: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object, **__: object) -> int:
        raise duckdb.BinderException("no column x")

    locked(bob)
    with monkeypatch.context() as patched:
        patched.setattr(carrying, "fold", fails)
        refused = services.run_within_the_day(now=NOON)
    runs, named = Run.objects.count(), [line for line in caplog.messages if "is not carried on" in line]

    served = services.run_within_the_day(now=NOON + timedelta(minutes=40))

    assert (refused, runs, len(named)) == (None, 0, 1)
    assert named[0].startswith("the slot event rests until this is mended: ")
    assert named[0].endswith("is not carried on, so nothing is computed: no column x")
    assert served is not None
    assert Hit.objects.get().client == bob


def test_a_group_that_failed_at_night_and_was_mended_serves_the_slot(
    bob: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(sqlfiles, "group", failing)
        run()
    locked(bob)

    done = services.run_within_the_day(now=NOON)

    assert "login_lock_cnt_1d" in portrait.failed_features(DAY)
    assert done is not None
    assert [step.error for step in done.steps.all()] == ["", ""]
    assert (Hit.objects.get().client, Hit.objects.get().stage) == (bob, Stage.WITHIN_CAPACITY)


def test_what_a_mended_slot_saw_says_whether_a_hit_still_matches(bob: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    charlie = Client.objects.get(name="Charlie")
    calm = version("A", condition="login_lock_cnt_1d = 0", features=["login_lock_cnt_1d"])
    judged([(calm, bob), (calm, charlie)], now=make.NOW, day=DAY)
    with monkeypatch.context() as patched:
        patched.setattr(sqlfiles, "group", failing)
        run()
    locked(bob)

    services.run_within_the_day(now=NOON)

    hits = Hit.objects.filter(version=calm).select_related("version")
    still = {hit.client_id: selectors.still_matches(hit, until=TODAY) for hit in hits}
    assert still == {bob.pk: False, charlie.pk: True}


def test_what_the_slot_reads_as_of_the_night_stays_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """One is computed anew from events alone, one beside positions that were missing, one is not the slot's."""
    known = catalogue.features()
    names = {"login_lock_cnt_1d", "max_stock_view_cnt_7d", "account_age_days"}
    monkeypatch.setattr(portrait, "stale_features", lambda day: sorted(names))
    of_events = [replace(one, freshness=("events",)) if one.name == "login_lock_cnt_1d" else one for one in known]
    monkeypatch.setattr(catalogue, "features", lambda: tuple(of_events))

    within, night = (names & portrait.blind_within(DAY, slot).keys() for slot in ("event", "after_settlement"))

    assert within == {"max_stock_view_cnt_7d", "account_age_days"}
    assert night == names


def test_hits_that_wait_from_the_night_are_left_alone(bob: Client) -> None:
    """One of them of the same client, family and purpose as what the slot finds, one stopped for want of capacity."""
    live = Strategy.objects.get(code=LOCKED).live_version
    waiting = version("A", family=live.strategy.family, purpose=live.purpose)
    charlie = Client.objects.get(name="Charlie")
    night = judged([(waiting, bob), (waiting, charlie)], now=make.NOW, day=DAY)
    Hit.objects.filter(client=charlie).update(stopped_by="no_capacity", stage=Stage.WON_ARBITRATION)
    before = list(Hit.objects.order_by("pk").values())
    funnel = selectors.funnel(night)
    locked(bob)

    done = services.run_within_the_day(now=NOON)

    assert Hit.objects.get(run=done).strategy == live.strategy
    assert list(Hit.objects.exclude(run=done).order_by("pk").values()) == before
    assert selectors.funnel(night) == funnel


def test_a_hit_that_waits_is_taken_over_when_the_slot_s_own_version_finds_it(bob: Client) -> None:
    locked(bob)
    first = services.run_within_the_day(now=NOON)
    waited = Hit.objects.get()
    locked(Client.objects.get(name="Charlie"), later=1)

    second = services.run_within_the_day(now=NOON + timedelta(minutes=2))

    assert first is not None
    hit = Hit.objects.get(client=bob)
    assert (hit.uid, hit.run, hit.stage) == (waited.uid, second, Stage.WITHIN_CAPACITY)
    assert [row["reason"] for row in selectors.funnel(first) if row["step"] == Stage.DELIVERED] == ["carried_over"]


def test_a_paused_strategy_finds_nothing(bob: Client) -> None:
    Strategy.objects.update(status=Strategy.Status.PAUSED)
    locked(bob)

    services.run_within_the_day(now=NOON)

    assert not Hit.objects.exists()
