"""Events go into the lake by day, without anything that says who a person is."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from clients.lake.reading import open_lake, relation
from clients.register.models import Client
from tests.clients.intake.taking import NOW, Take

DAY = date(2026, 11, 20)
EVENT: dict[str, Any] = {
    "messageId": "m1",
    "type": "track",
    "event": "stock_viewed",
    "userId": "C0000001",
    "timestamp": "2026-11-20T09:58:12+08:00",
    "context": {"channel": "app", "device": {"type": "ios"}, "location": {"city": "合肥", "lat": 31.8}},
    "properties": {"symbol": "600519.SH", "dwell_ms": 8400},
}


def _lines(*events: dict[str, Any]) -> str:
    return "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events)


def _rows(columns: str = "message_id", day: date = DAY) -> list[tuple[Any, ...]]:
    with open_lake() as con:
        return con.execute(
            f"SELECT {columns} FROM {relation('events', [day])} AS events ORDER BY message_id"
        ).fetchall()


def test_an_event_lies_in_the_lake_under_the_surrogate_id(world: Take) -> None:
    taken = world("events", _lines(EVENT))

    owner = Client.objects.get(client_no="C0000001").pk
    assert taken.counts == (1, 0, 0)
    assert _rows("client_id, event, channel, device, city, context, properties") == [
        (
            owner, "stock_viewed", "app", "ios", "合肥",
            '{"channel": "app", "device": {"type": "ios"}, "location": {"city": "合肥"}}',
            '{"dwell_ms": 8400, "symbol": "600519.SH"}',
        )
    ]  # fmt: skip
    assert _rows("epoch(arrived_at)") == [(NOW.timestamp(),)]
    assert "C0000001" not in _rows("events::VARCHAR")[0][0]


def test_the_same_events_again_add_nothing_and_other_content_is_a_conflict(world: Take) -> None:
    world("events", _lines(EVENT))

    again = world("events", _lines(EVENT, EVENT | {"messageId": "m2"}))
    changed = world("events", _lines(EVENT | {"event": "search"}))

    assert again.counts == (1, 1, 0)
    assert changed.codes == [(1, "E_CONFLICT", "")]
    assert _rows("message_id, event") == [("m1", "stock_viewed"), ("m2", "stock_viewed")]


def test_a_dry_run_counts_and_leaves_the_lake_alone(world: Take) -> None:
    world("events", _lines(EVENT))

    taken = world("events", _lines(EVENT, EVENT | {"messageId": "m2"}), dry_run=True)

    assert taken.counts == (1, 1, 0)
    assert len(_rows()) == 1


def test_numbers_of_persons_and_cards_are_dropped_and_counted(world: Take) -> None:
    properties = {
        "idNo": "x", "mobile": "1", "page": "/", "note": "13800000001",
        "deep": [{"card_no": "1", "n": "110101199003070011", "code": "600519"}],
    }  # fmt: skip

    taken = world("events", _lines(EVENT | {"properties": properties}))

    assert json.loads(_rows("properties")[0][0]) == {"page": "/", "deep": [{"code": "600519"}]}
    assert taken.outcome.notes == {"keys that look like numbers of persons or cards dropped": 5}


def test_a_visitor_whom_nobody_knows_has_no_client(world: Take) -> None:
    visitor = {name: value for name, value in EVENT.items() if name != "userId"} | {"anonymousId": "a1"}

    assert world("events", _lines(visitor)).counts == (1, 0, 0)
    assert _rows("client_id, anonymous_id") == [(None, "a1")]


def test_an_event_after_midnight_in_shanghai_belongs_to_that_day(world: Take) -> None:
    world("events", _lines(EVENT | {"timestamp": "2026-11-18T16:30:00Z"}))

    assert len(_rows(day=DAY - timedelta(days=1))) == 1


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"userId": "C9"}, "E_NO_CLIENT", "userId"),
        ({"userId": ""}, "E_REQUIRED", "userId"),
        ({"event": ""}, "E_REQUIRED", "event"),
        ({"type": "alias"}, "E_ENUM", "type"),
        ({"timestamp": "2026-11-20T20:06:00"}, "E_FUTURE", "timestamp"),
        ({"timestamp": "2026-10-20T20:06:00"}, "E_RANGE", "timestamp"),
        ({"properties": {"a": "x" * 33_000}}, "E_RANGE", "properties"),
        ({"extra": 1}, "E_COLUMN", ""),
    ],
)
def test_each_wrong_event_is_rejected_for_its_own_reason(
    world: Take, change: dict[str, Any], code: str, column: str
) -> None:
    taken = world("events", _lines(EVENT | change, EVENT | {"messageId": "good"}))

    assert (1, code, column) in taken.codes
    assert taken.counts == (1, 0, 1)


def test_old_events_come_in_by_a_flag(world: Take) -> None:
    old = _lines(EVENT | {"timestamp": "2006-11-20T10:00:00"})

    assert world("events", old, sets=["history=1"]).counts == (1, 0, 0)


def test_a_line_that_is_no_object_stops_no_other(world: Take) -> None:
    taken = world("events", _lines(EVENT) + "[1]\n{oops\n\n")

    assert taken.codes == [(2, "E_COLUMN", ""), (3, "E_COLUMN", "")]
    assert taken.counts == (1, 0, 2)


def test_the_user_agent_tells_the_device_its_system_and_the_browser(world: Take) -> None:
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    phone += "Version/17.0 Mobile/15E148 Safari/604.1"

    world("events", _lines(EVENT | {"context": {"userAgent": phone}}, EVENT | {"messageId": "m2", "context": {}}))

    assert _rows("device, os, browser") == [("iPhone", "iOS", "Mobile Safari"), (None, None, None)]
