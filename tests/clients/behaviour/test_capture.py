"""Lines of segments become events of the lake, dead letters and counts."""

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from clients.behaviour.capture import Taken
from clients.behaviour.models import CaptureTally, Compaction
from tests.clients.behaviour.lineup import AT, agreeing, letters, line, rows, segment, take, us

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def _tallies() -> list[tuple[Any, ...]]:
    names = ("hour", "write_key", "accepted", "duplicate", "forged", "dead", "refused")
    return list(CaptureTally.objects.order_by("hour", "write_key").values_list(*names))


def test_a_line_becomes_an_event_with_all_that_it_tells(captured: Path) -> None:
    bob = agreeing()
    context = {"page": {"path": "/market/"}, "location": {"city": "合肥", "lat": 31.8}, "device": {"type": "mobile"}}
    told = {"messageId": "m1", "context": context, "properties": {"symbol": "600519.SH", "mobile": "1"}}

    taken = take(captured, line(c=bob.pk, event=told))

    assert taken == Taken(added=1, dead=0, days=(AT.date(),))
    columns = "day::VARCHAR, type, event, client_id, anonymous_id, channel, platform, device, os, browser, city, region"
    assert rows(columns) == [
        ("2026-11-20", "track", "stock_viewed", bob.pk, "a1", "web", "web", "mobile", "iOS", "Mobile Safari", "合肥",
         None)
    ]  # fmt: skip
    assert [tuple(map(json.loads, texts)) for texts in rows("context, properties")] == [
        ({**context, "location": {"city": "合肥"}}, {"symbol": "600519.SH"})
    ]
    assert rows("epoch_us(happened_at), sent_at, epoch_us(arrived_at)") == [(us(AT), None, us(AT))]
    assert "36.1.2.3" not in str(rows("t::VARCHAR"))


@pytest.mark.parametrize(
    ("platform", "context", "channel"),
    [("ios", {}, "app"), ("terminal", {}, "pc"), ("wechat", {}, "wechat"), ("web", {"channel": "h5"}, "h5")],
)
def test_the_channel_is_the_contexts_or_the_platforms(
    captured: Path, platform: str, context: dict[str, str], channel: str
) -> None:
    take(captured, line(p=platform, event={"context": context}))

    assert rows("channel, platform") == [(channel, platform)]


@pytest.mark.parametrize(
    ("timestamp", "sent", "happened"),
    [
        ("2026-11-20T01:00:00Z", "2026-11-20T01:00:30Z", AT - timedelta(seconds=30)),  # the clock is an hour late
        ("2026-11-20T09:00:00", "2026-11-20T09:00:30", AT - timedelta(seconds=30)),  # Shanghai, where none is said
        ("2026-11-20T09:59:30+08:00", None, AT - timedelta(seconds=30)),
        ("2026-11-20T01:59:30Z", "290309-12-22 (BC) 00:00:00Z", AT - timedelta(seconds=30)),
        ("2026-11-20T01:59:30Z", "294247-01-10T04:00:54.775806Z", AT - timedelta(seconds=30)),
        ("2026-11-20T01:59:30.5Z", "nonsense", AT - timedelta(seconds=29.5)),
        ("2026-11-20T02:05:00Z", None, AT + timedelta(minutes=5)),
        ("2026-11-20T02:05:01Z", None, AT),  # too far ahead to be true
        (None, None, AT),
    ],
)
def test_the_senders_clock_is_corrected(
    captured: Path, timestamp: str | None, sent: str | None, happened: datetime
) -> None:
    take(captured, line(s=sent, event={"timestamp": timestamp}))

    assert rows("epoch_us(happened_at)") == [(us(happened),)]


def test_an_event_lies_in_the_day_of_shanghai(captured: Path) -> None:
    midnight = datetime(2026, 11, 19, 16, 0, tzinfo=UTC)

    take(captured, line(midnight), line(midnight - timedelta(microseconds=1)))

    assert rows("day::VARCHAR") == [("2026-11-20",), ("2026-11-19",)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"event": {"messageId": None}}, "no messageId"),
        ({"event": {"messageId": "x" * 101}}, "messageId is longer than 100 bytes"),
        ({"event": {"anonymousId": None}}, "neither anonymousId nor a client"),
        ({"event": {"anonymousId": "x" * 101}}, "anonymousId is longer than 100 bytes"),
        ({"event": {"event": None}}, "an event of type track needs its name"),
        ({"event": {"event": "x" * 101}}, "the name is longer than 100 bytes"),
        ({"event": {"timestamp": "yesterday"}}, "timestamp cannot be read"),
        ({"event": {"timestamp": "infinity"}}, "timestamp cannot be read"),
        ({"event": {"context": "{"}}, "context is no object"),
        ({"event": {"properties": [1]}}, "properties is no object"),
        ({"event": {"timestamp": (AT - 30 * DAY - timedelta(seconds=1)).isoformat()}}, "older than 30 days"),
        ({"t": "delete"}, "unknown_type"),
        ({"n": "C404"}, "no client with this number"),
        ({"x": "too_large", "e": "{"}, "too_large"),
        ({"event": {"timestamp": "294247-01-10T04:00:54.775806Z"}}, "timestamp cannot be read"),
        ({"event": {"timestamp": "290309-12-22 (BC) 00:00:00Z"}}, "timestamp cannot be read"),
        ({"event": {"timestamp": "2200-01-02T00:00:00Z"}}, "timestamp cannot be read"),
    ],
)
def test_what_cannot_be_taken_is_put_aside_with_the_reason(captured: Path, change: dict[str, Any], reason: str) -> None:
    bad = line(**change)

    taken = take(captured, bad, line(event={"messageId": "good"}))

    assert (taken.added, taken.dead) == (1, 1)
    assert rows() == [("good",)]
    (letter,) = letters()
    assert letter.pop("event") == (bad["e"] if "x" in change else json.dumps(bad["e"]))
    waits = {"type": "track", "happened": AT.isoformat()} if reason == "no client with this number" else {}
    assert letter == {"received": AT.isoformat(), "key": 1, "platform": "web", "reason": reason} | waits
    assert _tallies() == [(AT, 1, 1, 0, 0, 1, 0)]


@pytest.mark.parametrize(
    "event", [{"event": "call 13812345678"}, {"anonymousId": "zhang@qq.com"}, {"messageId": "11010119900307123X"}]
)
def test_an_id_or_name_that_tells_who_somebody_is_makes_a_letter_without_its_text(
    captured: Path, event: dict[str, str]
) -> None:
    taken = take(captured, line(event=event), line(event={"messageId": "1795105800350123456", "anonymousId": "1.2"}))

    assert (taken.added, taken.dead) == (1, 1)
    assert rows() == [("1795105800350123456",)]
    (letter,) = letters()
    assert (letter["reason"], letter["event"]) == ("an id or the name holds a number or an address of somebody", "")


def test_just_old_enough_is_taken(captured: Path) -> None:
    assert take(captured, line(event={"timestamp": (AT - 30 * DAY).isoformat()})).added == 1


def test_lines_that_are_no_json_stop_no_other_and_a_torn_one_is_nobodys(captured: Path) -> None:
    torn = json.dumps(line()).encode()[:-20]

    taken = take(captured, b"{oops}\n", b'{"r":1,"e":{"messageId":"\xff"}}\n', b"[1]\n", b"\n", line(), torn)

    assert (taken.added, taken.dead) == (1, 3)
    assert {letter["reason"] for letter in letters()} == {"the line cannot be read"}
    assert [letter["event"][:6] for letter in letters()] == ["{oops}", '{"r":1', "[1]"]


DIGITS, DEEP = "1" * 5000, "[" * 600 + "]" * 600
UNNAMED = "an event of type track needs its name"


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (f'"event":"x","properties":{{"phone":1,"a":{DEEP}}}', "cannot be cleaned"),
        (f'"event":"x","properties":{{"phone":1,"a":{DIGITS}}}', "cannot be cleaned"),
        ('"event":"x","properties":{"phone":1,"a":1e400}', "cannot be cleaned"),
        (f'"properties":{{"a":{DIGITS}}}', UNNAMED),
        (f'"properties":{{"a":{DEEP}}}', UNNAMED),
        ('"messageId":"","event":"x"', "no messageId"),
        ('"messageId":"%s","event":"x"' % ("y" * 101), "messageId is longer than 100 bytes"),
    ],
)
def test_no_event_stops_the_others_and_each_that_is_dead_has_its_letter(
    captured: Path, event: str, reason: str
) -> None:
    text = f'{{"messageId":"bad","anonymousId":"a",{event}}}'
    if event.startswith('"messageId"'):  # the name stands twice
        text = f'{{{event},"messageId":"bad","anonymousId":"a"}}'
    head = json.dumps(line(event={}), separators=(",", ":")).partition('"e":')[0]

    taken = take(captured, f'{head}"e":{text}}}\n'.encode(), line(event={"messageId": "good"}))

    assert (taken.added, taken.dead) == (1, 1)
    assert rows() == [("good",)]
    (letter,) = letters()
    assert (letter["reason"], letter["key"], letter["platform"]) == (reason, 1, "web")
    assert letter["event"].replace(" ", "").startswith('{"messageId":"bad"')
    assert [(row.accepted, row.dead) for row in CaptureTally.objects.all()] == [(1, 1)]


def test_letters_are_short_and_only_their_owner_reads_them(captured: Path) -> None:
    take(captured, line(event={"messageId": None, "properties": {"a": "合" * 3000}}))

    (file,) = Path(settings.DEAD_LETTER_DIR).iterdir()
    assert file.name == "2026-11-20.jsonl"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(letters()[0]["event"].encode()) in range(2040, 2049)


def test_a_server_key_names_a_client_by_his_number(captured: Path) -> None:
    bob = agreeing()

    take(captured, line(n=bob.client_no, event={"anonymousId": None}), line(n="C\0", event={"messageId": "bad"}))

    assert rows("client_id, anonymous_id") == [(bob.pk, None)]
    assert bob.client_no not in str(rows("t::VARCHAR"))
    assert [letter["reason"] for letter in letters()] == ["no client with this number"]


def test_a_forged_client_is_nobody_and_is_counted(captured: Path) -> None:
    take(captured, line(f=1), line())

    assert rows("client_id") == [(None,), (None,)]
    assert _tallies() == [(AT, 1, 2, 0, 1, 0, 0)]


def test_the_same_message_is_kept_once_for_ever_and_counted_as_a_duplicate(captured: Path) -> None:
    first = line(event={"messageId": "m1"})
    again = line(AT + timedelta(hours=1), event={"messageId": "m1", "timestamp": AT.isoformat()})
    take(captured, first)

    taken = take(captured, again, line(AT + timedelta(hours=1), event={"messageId": "m2"}))

    assert taken.added == 1
    assert rows("message_id, epoch_us(arrived_at)") == [("m1", us(AT)), ("m2", us(AT + timedelta(hours=1)))]
    assert _tallies() == [(AT, 1, 1, 0, 0, 0, 0), (AT + timedelta(hours=1), 1, 1, 1, 0, 0, 0)]


def test_a_portion_that_is_taken_in_again_changes_nothing(captured: Path) -> None:
    lines = [line(), line(f=1), line(event={"messageId": None})]
    take(captured, *lines, name="p")
    before = (rows("t::VARCHAR"), _tallies(), Compaction.objects.count())

    again = take(captured, *lines, name="p")

    assert again.added == 0
    assert (rows("t::VARCHAR"), _tallies(), Compaction.objects.count()) == before


def test_counts_of_refused_requests_join_the_hour(captured: Path) -> None:
    refused = {"r": us(AT), "k": None, "p": "", "x": "tally", "e": '{"unknown_key": 3, "too_large": 2}'}

    taken = take(captured, refused, line(k=7))

    assert (taken.added, taken.dead) == (1, 0)
    assert _tallies() == [(AT, 0, 0, 0, 0, 0, 5), (AT, 7, 1, 0, 0, 0, 0)]
    assert letters() == []


def test_the_record_notes_the_portion(captured: Path) -> None:
    take(captured, line(AT - timedelta(minutes=1)), line(AT), name="p")

    kept = Compaction.objects.get()
    assert (kept.portion, kept.at, kept.segments, kept.events, kept.newest) == ("p", AT, 1, 2, AT)
    assert kept.bytes == sum(file.stat().st_size for file in captured.iterdir())


def test_an_empty_segment_is_no_fault(captured: Path) -> None:
    assert take(captured) == Taken(0, 0, ())
    assert segment(captured, [], number=9).stat().st_size == 0
