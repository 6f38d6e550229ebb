"""Within the day something is broken: it is named, the slot rests, and nothing is concluded until it is mended."""

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
from tests.kpm.strategies.within_the_day import NOON, TODAY, last_night, locked, still_matches

pytestmark = pytest.mark.django_db
GROUP = sqlfiles.group


@pytest.fixture
def bob(settings: Any, tmp_path: Path) -> Client:
    """A client of last night."""
    settings.LAKE_DIR = tmp_path
    return last_night()


def failing(group: str) -> sqlfiles.SqlFile:
    """The feature files, with that of the group `behaviour` naming a column that is not there."""
    sound = GROUP(group)
    return replace(sound, text="SELECT client_id, nope FROM clients") if group == "behaviour" else sound


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
