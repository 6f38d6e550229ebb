"""Segments are taken in once and deleted, whoever is killed at it."""

import fcntl
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError

from clients.behaviour import capture, selectors
from clients.behaviour.models import CaptureTally, Compaction
from clients.lake import manifest as manifests
from portal.collect import compaction
from tests.clients.behaviour.conftest import captured
from tests.clients.behaviour.lineup import AT, agreeing, letters, line, rows, segment
from tests.together import process

__all__ = ["captured"]
pytestmark = pytest.mark.django_db


def test_all_that_is_closed_is_taken_in_and_deleted(captured: Path) -> None:
    segment(captured, [line(), line(event={"messageId": None})], number=1)
    segment(captured, [line()], number=2, end=".open")  # of a writer that has died

    done = compaction.compact(now=AT)

    assert done == compaction.Done(portions=1, events=2, dead=1, days=frozenset([AT.date()]))
    assert len(rows()) == 2
    assert sorted(path.name for path in captured.iterdir()) == ["compacting.lock"]


def test_a_segment_that_is_being_written_stays(captured: Path) -> None:
    file = segment(captured, [line()], end=".open")

    with file.open("rb") as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        done = compaction.compact(now=AT)

    assert done == compaction.Done(0, 0, 0, frozenset())
    assert file.exists()


def test_portions_are_as_large_as_memory_allows(captured: Path, settings: Any) -> None:
    settings.COLLECT_PORTION_BYTES = segment(captured, [line()], number=1).stat().st_size * 2 + 10
    for number in (2, 3):
        segment(captured, [line()], number=number)

    done = compaction.compact(now=AT)

    assert done is not None
    assert (done.portions, done.events) == (2, 3)
    assert sorted(Compaction.objects.values_list("segments", flat=True)) == [1, 2]


def test_one_at_a_time(captured: Path) -> None:
    file = segment(captured, [line()])

    with (captured / compaction.LOCK).open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        done = compaction.compact(now=AT)

    assert done is None
    assert file.exists()
    assert rows() == []


def test_segments_that_were_noted_are_only_deleted(captured: Path) -> None:
    lines = [line(), line(event={"messageId": None})]
    file = segment(captured, lines)
    compaction.compact(now=AT)
    segment(captured, lines)
    names = {"portion": Compaction.objects.get().portion, "segments": [file.name], "letters": {}}
    (captured / compaction.JOURNAL).write_text(json.dumps(names), encoding="utf-8")

    compaction.compact(now=AT)

    assert (len(rows()), len(letters()), Compaction.objects.count()) == (1, 1, 1)
    assert sorted(path.name for path in captured.iterdir()) == ["compacting.lock"]


def test_the_same_segments_come_again_without_a_journal_and_add_nothing(captured: Path) -> None:
    lines = [line()]
    segment(captured, lines)
    compaction.compact(now=AT)
    segment(captured, lines)
    segment(captured, [line()], number=2)

    done = compaction.compact(now=AT)

    assert done is not None
    assert done.events == 1
    assert len(rows()) == 2


def test_pieces_of_a_day_stay_few(captured: Path) -> None:
    for number in range(1, 11):
        segment(captured, [line(AT + timedelta(seconds=number))], number=number)
        compaction.compact(now=AT)

    found = manifests.read("events", AT.date())
    assert found is not None
    assert found.rows == 10
    assert len(found.pieces) < 10


def test_the_last_compaction_can_be_asked_for(captured: Path) -> None:
    segment(captured, [line(AT - timedelta(seconds=40))])
    compaction.compact(now=AT)

    assert selectors.last_compaction() == Compaction.objects.get()
    assert selectors.lag() == timedelta(seconds=40)


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_step_and_begun_again_it_ends_the_same(tmp_path: Path) -> None:
    bob = agreeing()
    for number in (1, 2):
        segment(
            tmp_path / "segments",
            [line(), line(c=bob.pk, event={"messageId": f"bob{number}"}), line(event={"messageId": None}), line(f=1)],
            number=number,
        )

    story = process(
        "import sys; from tests.portal.collect import killing; killing.main(*sys.argv[1:])", str(tmp_path), "6"
    )
    out, _ = story.communicate(timeout=240)

    ends = [json.loads(text) for text in out.splitlines()]
    assert story.returncode == 0
    assert len(ends) > 10
    assert [end for end in ends if end != ends[-1]] == []
    assert len(ends[-1]["events"]) == 6
    assert len(ends[-1]["letters"][0].splitlines()) == 2
    assert ends[-1]["tallies"] == [[1, 6, 0, 2, 2, 0]]
    assert ends[-1]["left"] == ["compacting.lock"]
    assert ends[-1]["portions"] == 1
    assert CaptureTally.objects.count() == 1


def test_at_night_histories_and_visits_are_settled_too(captured: Path) -> None:
    bob = agreeing()
    segment(captured, [line(AT), line(AT + timedelta(minutes=1), c=bob.pk)])

    done = compaction.settle(now=AT + timedelta(hours=9))

    assert done.events == 2
    assert rows("client_id, events", "sessions", "ALL") == [(bob.pk, 2)]
    assert compaction.bring_up_sessions(today=AT.date()) == []


def test_visits_of_a_day_that_events_can_no_longer_join_wait_for_the_night(captured: Path) -> None:
    segment(captured, [line()])
    compaction.compact(now=AT)

    late = compaction.bring_up_sessions(today=AT.date() + timedelta(days=31))
    in_time = compaction.bring_up_sessions(today=AT.date() + timedelta(days=30))

    assert (late, in_time) == ([], [AT.date()])


def _refuse(pill: bytes, fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whatever holds the pill fail in the middle of being taken in, after its dead letters were written."""
    whole = capture.deadletters.write

    def failing(con: Any, files: Any) -> int:
        written = whole(con, files)
        if any(pill in file.read_bytes() for file in files):
            raise fault
        return written

    monkeypatch.setattr(capture.deadletters, "write", failing)


def test_what_nobody_foresaw_is_set_aside_and_stops_nothing_else(
    captured: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = line(event={"messageId": None})
    for number, lines in enumerate(([line(), bad], [line(event={"messageId": "pill"}), bad], [line()]), 1):
        segment(captured, lines, number=number)
    _refuse(b"pill", ValueError("no such thing"), monkeypatch)

    done = compaction.compact(now=AT)
    again = compaction.compact(now=AT)

    aside = compaction.set_aside(captured)
    assert done is not None
    assert (done.portions, done.dead, len(rows())) == (2, 1, 3)  # all were in the lake before it failed
    assert again == compaction.Done(0, 0, 0, frozenset())
    assert [file.name[:20] for file in aside] == [f"{2:020d}"]
    assert b"pill" in aside[0].read_bytes()
    assert (len(letters()), Compaction.objects.count()) == (1, 2)
    assert not (captured / compaction.JOURNAL).exists()


def test_what_was_set_aside_is_taken_in_once_when_it_is_moved_back(
    captured: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment(captured, [line(event={"messageId": "pill"}), line(event={"messageId": None})])
    with monkeypatch.context() as patched:
        _refuse(b"pill", ValueError("no such thing"), patched)
        compaction.compact(now=AT)
    (file,) = compaction.set_aside(captured)
    file.rename(captured / file.name)

    compaction.compact(now=AT)

    assert rows() == [("pill",)]
    assert (len(letters()), Compaction.objects.count()) == (1, 1)


@pytest.mark.parametrize("fault", [OSError("disk full"), DatabaseError("away"), MemoryError()])
def test_trouble_of_the_house_sets_nothing_aside(
    captured: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    segment(captured, [line()])
    with monkeypatch.context() as patched:
        _refuse(b"r", fault, patched)
        with pytest.raises(type(fault)):
            compaction.compact(now=AT)

    assert compaction.set_aside(captured) == []
    done = compaction.compact(now=AT)
    assert (done.events if done else 0, len(rows())) in ((1, 1), (0, 1))
