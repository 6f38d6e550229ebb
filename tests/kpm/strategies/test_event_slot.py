"""Within the day: only who did something is looked at, at once, and nobody else's hits are touched."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from clients.portrait import catalogue, sqlfiles
from clients.portrait import selectors as portrait
from clients.register.models import Client
from kpm.strategies import selectors, services
from kpm.strategies.models import Hit, Run, Stage, Strategy
from kpm.strategies.services import run as running
from tests import factories as make
from tests.clients.portrait.world import DAY
from tests.kpm.strategies.launching import business
from tests.kpm.strategies.rounds import run as judged
from tests.kpm.strategies.rounds import version
from tests.kpm.strategies.within_the_day import LOCKED, NOON, NOW, TODAY, last_night, locked, still_matches

pytestmark = pytest.mark.django_db


@pytest.fixture
def bob(settings: Any, tmp_path: Path) -> Client:
    """A client of last night."""
    settings.LAKE_DIR = tmp_path
    return last_night()


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


def test_rows_of_clients_who_did_nothing_are_not_even_read(bob: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    charlie, group = Client.objects.get(name="Charlie"), sqlfiles.group
    sound = group("behaviour")
    picky = f"{sound.text} WHERE client_id <> {charlie.pk} OR error('he did nothing')"
    locked(bob)
    monkeypatch.setattr(
        sqlfiles, "group", lambda name: replace(sound, text=picky) if name == "behaviour" else group(name)
    )

    done = services.run_within_the_day(now=NOON)

    assert done is not None
    assert portrait.feature_row(TODAY, bob.pk, "event") is not None
    assert portrait.feature_row(TODAY, charlie.pk, "event") is None


def test_when_nothing_changed_it_is_the_same_run(bob: Client) -> None:
    locked(bob)
    first = services.run_within_the_day(now=NOON)
    before = Hit.objects.values().get()

    again = services.run_within_the_day(now=NOON + timedelta(minutes=1))

    assert first == again
    assert (Run.objects.count(), Hit.objects.values().get()) == (1, before)


def test_what_is_retired_while_a_run_is_at_it_is_not_delivered(bob: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    dora, writes = business("Dora"), running.write_lines

    def interrupted(*said: Any) -> int:
        services.retire(strategy=Strategy.objects.get(), by=dora, now=NOON, reason="over")
        return writes(*said)

    monkeypatch.setattr(running, "write_lines", interrupted)
    locked(bob)
    services.run_within_the_day(now=NOON)

    assert Hit.objects.get().stopped_by == "rolled_back"
    assert not selectors.deliverable().exists()
    assert services.count_endings() == 1  # and the funnel sums


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
    before = [still_matches(hit, until=TODAY) for hit in hits.values()]
    locked(bob)

    services.run_within_the_day(now=NOON)

    assert before == [True, True]
    assert not still_matches(hits[bob.pk], until=TODAY)
    assert still_matches(hits[charlie.pk], until=TODAY)


def test_features_that_no_published_run_has_used_say_nothing(bob: Client) -> None:
    judged([(version("A", condition="login_lock_cnt_1d = 1", features=["login_lock_cnt_1d"]), bob)], now=make.NOW)
    hit = Hit.objects.select_related("version").get()
    before = still_matches(hit, until=DAY)

    services.run_slot(day=DAY, now=NOW)

    assert (before, still_matches(hit, until=DAY)) == (True, False)


def test_a_second_run_of_the_same_day_says_it_too(bob: Client) -> None:
    """The day's data were corrected after the hit had been found."""
    judged([(version("A", condition="login_lock_cnt_1d = 1"), bob)], now=make.NOW, day=DAY)
    hit = Hit.objects.select_related("version").get()
    Run.objects.update(state=Run.State.SUPERSEDED)
    before = still_matches(hit, until=DAY)

    services.run_slot(day=DAY, now=NOW)

    assert (before, still_matches(hit, until=DAY)) == (True, False)


def test_a_run_that_was_blind_for_a_feature_says_nothing(bob: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    blind = version("A", condition="login_lock_cnt_1d = 1", features=["login_lock_cnt_1d"])
    judged([(blind, bob)], now=make.NOW)
    services.run_slot(day=DAY, now=NOW)
    monkeypatch.setattr(portrait, "blind_features", lambda day: {"login_lock_cnt_1d": "its source brought nothing"})

    assert still_matches(Hit.objects.select_related("version").get(), until=DAY)


def test_what_the_slot_reads_as_of_the_night_stays_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """One is computed anew from events alone, one beside positions that were missing, one is not the slot's."""
    known = catalogue.features()
    names = {"login_lock_cnt_1d", "max_stock_view_cnt_7d", "account_age_days"}
    monkeypatch.setattr(portrait, "stale_features", lambda day: sorted(names))
    of_events = [replace(one, freshness=("events",)) if one.name == "login_lock_cnt_1d" else one for one in known]
    monkeypatch.setattr(catalogue, "features", lambda: tuple(of_events))

    within, night = (names & portrait.blind_within(DAY, slot, DAY).keys() for slot in ("event", "after_settlement"))

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
