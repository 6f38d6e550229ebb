"""Events of clients who come later: taken in once, when they have come."""

import json
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from clients.register.models import Client
from portal.collect import again, compaction
from tests import factories as make
from tests.clients.behaviour.conftest import captured
from tests.clients.behaviour.lineup import AT, letters, line, rows, segment, us

__all__ = ["captured"]
pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=12)
NOBODY = "C7777777"


def waiting(folder: Path, *, at: datetime = AT, number: str = NOBODY, **about: Any) -> None:
    """Let a server name a client whom the record does not know; his clock is a minute slow."""
    told = {"messageId": "order-1", "userId": number, "timestamp": (at - timedelta(minutes=1)).isoformat(), **about}
    segment(folder, [line(at, k=8, p="counter", n=number, s=(at - timedelta(minutes=1)).isoformat(), event=told)])
    compaction.compact(now=AT)


def come(number: str = NOBODY) -> Client:
    client = make.client("Carol")
    Client.objects.filter(pk=client.pk).update(client_no=number)
    return client


def test_an_event_waits_for_its_client_and_is_taken_in_once_when_he_has_come(captured: Path) -> None:
    waiting(captured)
    early = again.bring(now=LATER)
    carol = come()

    brought = again.bring(now=LATER)
    done = compaction.compact(now=LATER)
    repeated = again.bring(now=LATER)

    assert (early, brought, repeated) == (0, 1, 0)
    assert done is not None
    assert (done.events, done.dead) == (1, 0)
    told = "message_id, type, client_id, platform, epoch_us(happened_at), epoch_us(arrived_at)"
    assert rows(told) == [("order-1", "track", carol.pk, "counter", us(AT), us(LATER))]
    assert letters() == []


def test_other_letters_stay_as_they_are(captured: Path) -> None:
    segment(captured, [line(n="C8888888", k=8), line(event={"messageId": None})], number=2)
    waiting(captured)
    before = letters()
    come()

    again.bring(now=LATER)

    assert len(before) == 3
    assert letters() == [letter for letter in before if "order-1" not in letter["event"]]
    (file,) = Path(settings.DEAD_LETTER_DIR).iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("at", "about"),
    [(AT, {"properties": {"note": "x" * 3000}}), (LATER - timedelta(days=30), {})],
    ids=["cut", "too old"],
)
def test_what_was_cut_or_is_too_old_stays(captured: Path, at: datetime, about: dict[str, Any]) -> None:
    waiting(captured, at=at, **about)
    before = letters()
    come()

    assert again.bring(now=LATER) == 0
    assert len(before) == 1
    assert letters() == before


def test_killed_before_the_letter_goes_the_event_is_in_the_lake_once(
    captured: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(captured)
    come()
    whole = again._write

    def killed(file: Path, texts: list[str]) -> None:
        if file.suffix == ".jsonl":
            raise KeyboardInterrupt
        whole(file, texts)

    with monkeypatch.context() as patched:
        patched.setattr(again, "_write", killed)
        with pytest.raises(KeyboardInterrupt):
            again.bring(now=LATER)
    compaction.compact(now=LATER)
    again.bring(now=LATER + timedelta(seconds=1))
    compaction.compact(now=LATER)

    assert rows() == [("order-1",)]
    assert letters() == []


def test_nothing_is_touched_while_a_portion_waits_to_be_finished(captured: Path) -> None:
    waiting(captured)
    before = letters()
    come()
    journal = {"portion": "p", "segments": [], "letters": {}}
    (captured / compaction.JOURNAL).write_text(json.dumps(journal), encoding="utf-8")

    assert again.bring(now=LATER) == 0
    assert letters() == before


def test_a_person_may_ask_for_it_at_once(captured: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clients.shared.clock.now", lambda: LATER)
    waiting(captured)
    come()
    out = StringIO()

    call_command("capture", "again", stdout=out)

    assert out.getvalue() == "Taken in, since their clients have come: 1 events.\n"
    assert rows() == [("order-1",)]
