"""Within the day something is broken: it is named, who reads it rests, and nothing is concluded until it is mended."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from clients.portrait import carrying, catalogue, sqlfiles
from clients.portrait import selectors as portrait
from clients.register.models import Client
from kpm.strategies import services
from kpm.strategies.models import Hit, Run, Stage
from tests import factories as make
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
GROUP = sqlfiles.group
PER_DAY = ("pre_open_0830", "daily_0900")


@pytest.fixture
def bob(settings: Any, tmp_path: Path) -> Client:
    """A client of last night."""
    settings.LAKE_DIR = tmp_path
    return last_night()


def failing(group: str, broken: str = "behaviour") -> sqlfiles.SqlFile:
    """The feature files, with that of one group naming a column that is not there."""
    sound = GROUP(group)
    return replace(sound, text="SELECT client_id, nope FROM clients") if group == broken else sound


def ran(slot: str) -> Run | None:
    """A slot at its hour of a day after last night."""
    if slot in PER_DAY:
        return services.run_morning(slot=slot, now=morning(next_open()))
    return services.run_within_the_day(slot=slot, now=NOON)


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


def test_a_group_that_fails_in_the_slot_is_named_and_who_was_touched_meanwhile_is_looked_at_when_it_is_mended(
    bob: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    locked(bob)
    with monkeypatch.context() as patched:
        patched.setattr(sqlfiles, "group", failing)
        blind = [services.run_within_the_day(now=NOON + timedelta(minutes=n)) for n in (0, 20)]
    hits, named = Hit.objects.count(), [line for line in caplog.messages if "behaviour.sql" in line]

    served = services.run_within_the_day(now=NOON + timedelta(minutes=40))

    assert (blind[0] == blind[1], Run.objects.count(), hits, len(named)) == (True, 2, 0, 2)
    assert named[0].startswith(f"the slot event of {TODAY} goes on without behaviour.sql: ")
    assert '"nope" not found' in named[0]
    assert blind[0] is not None
    assert "login_lock_cnt_1d: behaviour.sql: " in blind[0].steps.get(step="match").error
    assert served is not None
    assert (served.steps.get(step="match").error, Hit.objects.get().client) == ("", bob)


@pytest.mark.parametrize(
    ("slot", "group", "blind"),
    [
        ("event", "behaviour", "login_lock_cnt_1d"),
        ("intraday", "behaviour", "login_lock_cnt_1d"),
        ("pre_open_0830", "account", "account_age_days"),
        ("daily_0900", "account", "account_age_days"),
    ],
)
def test_only_the_strategies_that_read_a_failing_group_rest(
    bob: Client, monkeypatch: pytest.MonkeyPatch, slot: str, group: str, blind: str
) -> None:
    launched("A", f"{blind} >= 1", blind, slot)
    sound = launched("B", "held_newly_st_cnt_1d = 0", "held_newly_st_cnt_1d", slot)
    locked(bob)

    with monkeypatch.context() as patched:
        patched.setattr(sqlfiles, "group", lambda name: failing(name, group))
        done = ran(slot)
    found = set(Hit.objects.values_list("strategy__code", flat=True))
    ran(slot)

    assert done is not None
    assert found == {"B"}
    assert [line.partition(":")[0] for line in done.steps.get(step="match").error.splitlines()
            if line.startswith(("A ", "B "))] == ["A v1"]  # fmt: skip
    assert Hit.objects.filter(version=sound, client=bob).count() == 1
    assert Hit.objects.filter(strategy__code="A", client=bob).count() == 1


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
    assert [step.error for step in done.steps.all()] == [""] * 12
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
    still = {hit.client_id: still_matches(hit, until=TODAY) for hit in hits}
    assert still == {bob.pk: False, charlie.pk: True}
