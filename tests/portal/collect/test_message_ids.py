"""Events without a number of their own: one that is sent again is the same event, and two are two."""

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from clients.behaviour.models import CaptureTally
from portal.collect import compaction, identity
from tests.clients.behaviour.conftest import captured
from tests.clients.behaviour.lineup import AT, rows
from tests.portal.collect.asking import PUBLIC, SERVER, Door, event

__all__ = ["captured"]
TIMES = st.sampled_from(["2026-11-20T02:00:00.000Z", "2026-11-20T02:00:00.001Z"])
TOLD = st.fixed_dictionaries({"timestamp": TIMES}, optional={"event": st.text(max_size=3), "n": st.integers(0, 2)})


def numbers(door: Door) -> list[str]:
    return [line["e"]["messageId"] for line in door.kept()]


@pytest.mark.parametrize("given", [{"messageId": None}, {"messageId": ""}])
def test_an_event_without_a_number_gets_one_and_stays_as_it_came(door: Door, given: dict[str, Any]) -> None:
    undated = event(**given, timestamp=None)

    door.send("/v1/batch", {"batch": [event(**given), undated, {"type": "track"}]})
    door.send("/v1/track", {})

    kept = door.kept()
    found = [line["e"].pop("messageId") for line in kept]
    assert [len(number) for number in found] == [32, 36, 36, 36]
    assert len(set(found)) == 4
    assert [line["e"] for line in kept] == [
        event(messageId=None),
        event(messageId=None, timestamp=None),
        {"type": "track"},
        {},
    ]


def test_a_request_that_is_sent_again_brings_the_same_event(door: Door) -> None:
    told = event(messageId=None)

    for moment in ("2026-11-22T02:00:01.000Z", "2026-11-22T02:00:09.000Z"):
        door.send("/v1/track", {**told, "sentAt": moment, "writeKey": PUBLIC})
    door.send("/v1/track", dict(reversed(told.items())))
    door.send("/v1/batch", {"batch": [told]})

    assert len(set(numbers(door))) == 1


@pytest.mark.parametrize("gap", [None, ""])
def test_without_a_time_the_same_words_are_two_events(door: Door, gap: str | None) -> None:
    for _ in range(2):
        door.send("/v1/track", event(messageId=None, timestamp=gap))

    assert len(set(numbers(door))) == 2


def test_key_person_type_and_content_tell_events_apart(door: Door) -> None:
    told = event(messageId=None)
    token = identity.token(client_id=41, user_id=5, client_no="C0000123", now=datetime.now(UTC))

    door.send("/v1/track", told)
    door.send("/v1/track", told, key=SERVER)
    door.send("/v1/track", told, **{identity.HEADER: token})
    door.send("/v1/page", told)
    door.send("/v1/track", {**told, "userId": "C0000123"})
    door.send("/v1/track", {**told, "anonymousId": "a-2"})
    door.send("/v1/track", {**told, "properties": {}})

    assert len(set(numbers(door))) == 7


@limits(deadline=None, max_examples=40)
@given(st.lists(TOLD, max_size=5), st.lists(st.integers(0, 4), max_size=5))
def test_as_many_numbers_as_different_events_however_often_each_comes(
    events: list[dict[str, Any]], again: list[int]
) -> None:
    bodies = [*events, *(events[n] for n in again if n < len(events))]

    with tempfile.TemporaryDirectory() as folder:
        door = Door(Path(folder))
        for told in bodies:
            door.send("/v1/track", told)
        found = numbers(door)

    assert len(set(found)) == len({json.dumps(told, sort_keys=True) for told in bodies})


@pytest.mark.django_db
def test_in_the_lake_it_is_one_event_though_the_request_came_twice(captured: Path) -> None:
    door = Door(captured)
    told = event(messageId=None, timestamp=AT.isoformat())

    for body in (told, told, {**told, "anonymousId": "a-2"}):
        door.send("/v1/track", body)
    door.segments.close()
    done = compaction.compact(now=AT)

    assert done is not None
    assert (done.events, done.dead) == (2, 0)
    assert rows("anonymous_id", order="1") == [("a-1",), ("a-2",)]


def sent(folder: Path, *under: str) -> compaction.Done | None:
    """Send the same event once under each key, and take in what came."""
    door = Door(folder)
    for key in under:
        door.send("/v1/track", event(messageId="order-1", timestamp=AT.isoformat()), key=key)
    door.segments.close()
    return compaction.compact(now=AT)


@pytest.mark.django_db
def test_who_holds_a_public_key_cannot_keep_a_servers_event_out_of_the_lake(captured: Path) -> None:
    first = sent(captured, PUBLIC, SERVER, PUBLIC, SERVER)
    later = sent(captured, SERVER, PUBLIC)

    assert first is not None
    assert later is not None
    assert (first.events, later.events) == (2, 0)
    assert rows("message_id, platform") == [("order-1", "counter"), ("public:order-1", "web")]
    tallies = CaptureTally.objects.order_by("write_key").values_list("write_key", "accepted", "duplicate")
    assert list(tallies) == [(7, 1, 2), (8, 1, 2)]
