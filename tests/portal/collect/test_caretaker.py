"""Chores come in their turn, whatever becomes of one of them; and the collector of the house has its own."""

import os
from pathlib import Path
from typing import Any

import pytest

from clients.shared import clock
from portal.collect import services
from portal.collect.caretaker import Caretaker, Chore
from portal.collect.collector import in_front_of, limits
from portal.collect.segments import Segments
from tests.portal.collect.asking import Answer, Door, event, lines_of


def test_each_chore_is_done_as_often_as_it_says() -> None:
    done: list[str] = []
    caretaker = Caretaker(Chore(lambda: done.append("often"), 1.0), Chore(lambda: done.append("seldom"), 10.0))

    for moment in (100.0, 100.5, 101.0, 102.0, 109.9, 110.0):
        caretaker.look_round(moment)

    assert done == ["often", "seldom", "often", "often", "often", "seldom"]


def test_a_chore_that_fails_stops_no_other_and_comes_again(caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []

    def failing() -> None:
        done.append("failed")
        raise OSError("no disk")

    caretaker = Caretaker(Chore(failing, 1.0), Chore(lambda: done.append("done"), 1.0))

    caretaker.look_round(100.0)
    caretaker.look_round(101.0)

    assert done == ["failed", "done", "failed", "done"]
    assert [record.message for record in caplog.records] == ["A chore of the collector failed; it comes again"] * 2


def test_it_begins_once_in_a_process_and_again_in_a_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    caretaker = Caretaker()
    monkeypatch.setattr("portal.collect.caretaker.threading.Thread.start", lambda thread: begun.append(os.getpid()))

    caretaker.start()
    caretaker.start()
    monkeypatch.setattr(os, "getpid", lambda: 1)
    caretaker.start()

    assert len(begun) == 2


def test_the_limits_are_those_of_the_settings(settings: Any) -> None:
    settings.COLLECT_EVENT_BYTES, settings.COLLECT_BATCH_BYTES, settings.COLLECT_BATCH_EVENTS = 1, 2, 3
    settings.COLLECT_ORIGINS = ["https://www.example"]

    found = limits()

    assert (found.event_bytes, found.batch_bytes, found.batch_events) == (1, 2, 3)
    assert found.origins == {"https://www.example"}


@pytest.mark.django_db(transaction=True)
def test_the_collector_of_the_house_learns_of_keys_counts_refusals_and_closes_old_segments(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.COLLECT_DIR, settings.COLLECT_SEGMENT_SECONDS = tmp_path, 0.0
    door = Door(tmp_path)
    door.collector = collector = in_front_of(door.behind)
    monkeypatch.setattr(collector.caretaker, "start", lambda: None)

    unknown: Answer = door.send("/v1/track", event(), key="not yet made")
    row, text = services.make_key(name="pages", platform="web", kind="public", by=None, now=clock.now())
    collector.caretaker.look_round(1000.0)
    taken = door.send("/v1/track", event(), key=text)
    collector.caretaker.look_round(1001.0)

    assert (unknown.status, taken.status) == (401, 200)
    assert [(line.get("x"), line["k"]) for line in lines_of(tmp_path)] == [("tally", None), (None, row.pk)]


def test_a_segment_that_is_tidied_away_is_followed_by_another(tmp_path: Path) -> None:
    kept = Segments(tmp_path, largest=1 << 20, oldest=0)
    caretaker = Caretaker(Chore(kept.tidy, 1.0))

    for number in range(3):
        kept.append(b'{"n": %d}\n' % number)
        caretaker.look_round(100.0 + number)

    assert [line["n"] for line in lines_of(tmp_path)] == [0, 1, 2]
    assert len(list(tmp_path.glob("*.closed"))) == 3
