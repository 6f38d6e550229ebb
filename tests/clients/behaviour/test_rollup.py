"""Events of a day become one row for each client, meaning and object."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.behaviour import rollup
from clients.behaviour.actions import OF_ATTRIBUTIONS
from clients.behaviour.events import COLUMNS_OF_LAKE, PLAN
from clients.lake import registry

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
NAMES = [*(meaning.name for meaning in PLAN), "unknown_to_the_plan"]


def _event(number: int, name: str | None, **fields: Any) -> dict[str, Any]:
    known = {
        "day": DAY, "message_id": f"m{number:03}", "type": "track", "event": name, "client_id": 1,
        "anonymous_id": None, "happened_at": NOON + timedelta(minutes=number), "sent_at": NOON, "channel": "app",
        "device": "ios", "city": "合肥", "context": {}, "properties": {}, "arrived_at": NOON,
    }  # fmt: skip
    return {**known, **fields}


Rows = Sequence[dict[str, Any]]


def _rolled(*events: dict[str, Any], facts: Rows = (), attributions: Rows = ()) -> list[tuple[Any, ...]]:
    con = duckdb.connect()
    texts = [{**event, **{name: json.dumps(event[name]) for name in ("context", "properties")}} for event in events]
    _fill(con, "events", COLUMNS_OF_LAKE, texts)
    _fill(con, "facts", registry.columns("facts") or {}, facts)
    _fill(con, "attributions", OF_ATTRIBUTIONS, attributions)
    moments = "epoch(last_at) AS last_at, epoch(arrived_at) AS arrived_at"
    return con.execute(f"SELECT * REPLACE ({moments}) FROM ({rollup.sql()}) ORDER BY {rollup.ORDER}").fetchall()


def _fill(con: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str], rows: Rows) -> None:
    con.execute(f"CREATE TABLE {table} ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
    for row in rows:
        con.execute(
            f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})", [row.get(name) for name in columns]
        )


def _named(row: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(rollup.COLUMNS, row, strict=True))


def test_the_same_thing_on_a_day_is_one_row_with_how_often_how_long_and_when() -> None:
    rows = _rolled(
        _event(1, "stock_viewed", properties={"symbol": "600519.sh", "dwell_ms": 800}),
        _event(2, "stock_viewed", properties={"symbol": "600519.SH", "dwell_ms": 200}, channel="web"),
        _event(3, "stock_viewed", properties={"symbol": "600000.SH", "dwell_ms": "long"}),
    )

    other, same = map(_named, rows)
    assert (other["object"], other["times"], other["dwell_ms"]) == ("600000.SH", 1, None)
    assert (same["object"], same["times"], same["dwell_ms"]) == ("600519.SH", 2, 1000)
    assert (same["channel"], same["city"], same["message_id"]) == (None, None, None)
    assert (same["last_at"] - NOON.timestamp(), same["arrived_at"] - NOON.timestamp()) == (120, 0)


def test_nobody_looks_at_a_page_for_less_than_no_time_or_more_than_a_day() -> None:
    rows = _rolled(*(
        _event(number, "stock_viewed", properties={"symbol": symbol, "dwell_ms": dwell})
        for number, (symbol, dwell) in enumerate([("A", 9e18), ("A", 9e18), ("B", -5), ("B", 7), ("C", 1e40)])
    ))  # fmt: skip

    assert [(row["object"], row["dwell_ms"]) for row in map(_named, rows)] == [
        ("A", 172_800_000),
        ("B", 7),
        ("C", None),
    ]


def test_sign_ins_keep_device_channel_city_and_the_newest_event() -> None:
    phone = {"device": {"id": "abc"}}
    rows = _rolled(
        _event(1, "signed_in", context=phone),
        _event(2, "signed_in", context=phone),
        _event(3, "signed_in", context=phone, city="三亚"),
        _event(4, "signed_in", channel="web"),
    )

    found = [(row["object"], row["channel"], row["city"], row["message_id"]) for row in map(_named, rows)]
    device = "900150983cd24fb0"  # the first half of the MD5 of abc
    assert found == [
        (device, "app", "三亚", "m003"),
        (device, "app", "合肥", "m002"),
        (None, "web", "合肥", "m004"),
    ]


def test_pages_count_as_pages_and_visitors_and_unknown_names_are_left_out() -> None:
    rows = _rolled(
        _event(1, None, type="page"),
        _event(2, "Home", type="screen"),
        _event(3, None, type="identify"),
        _event(4, "unknown_to_the_plan"),
        _event(5, "stock_viewed", client_id=None),
    )

    assert [(row["meaning"], row["times"]) for row in map(_named, rows)] == [("page_viewed", 2)]


@pytest.mark.parametrize("meaning", [one for one in PLAN if one.needs], ids=lambda one: one.name)
def test_the_object_is_read_from_what_the_plan_asks_for(meaning: Any) -> None:
    given_to = {name: f"{name}_1" for name in meaning.needs.split(", ")}

    (whole,), (without,) = _rolled(_event(1, meaning.name, properties=given_to)), _rolled(_event(2, meaning.name))

    assert {text.lower() in _named(whole)["object"].lower() for text in given_to.values()} == {True}
    assert _named(without)["object"] is None


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from([1, 2, None]), st.sampled_from("AB")), max_size=30))
def test_nothing_that_the_plan_knows_is_lost_or_counted_twice(told: list[tuple[str, int | None, str]]) -> None:
    events = [
        _event(n, name, client_id=client, properties={"symbol": symbol})
        for n, (name, client, symbol) in enumerate(told)
    ]

    rows = [_named(row) for row in _rolled(*events)]

    known = [event for event in events if event["client_id"] and event["event"] != "unknown_to_the_plan"]
    assert sum(row["times"] for row in rows) == len(known)
    places = [tuple(str(row[name]) for name in rollup.ORDER.split(", ")) for row in rows]
    assert len(set(places)) == len(places)


def test_the_guide_names_every_event_with_its_properties() -> None:
    guide = (Path(__file__).resolve().parents[3] / "docs" / "guides" / "tracking.md").read_text(encoding="utf-8")
    rows = [line for line in guide.splitlines() if line.startswith("| `")]

    for meaning in PLAN:
        (row,) = [line for line in rows if f"`{meaning.name}`" in line]
        assert {text for text in meaning.needs.split(", ") if text and f"`{text}`" not in row} == set(), meaning.name


def test_a_search_that_found_nothing_has_a_meaning_of_its_own() -> None:
    found = [0, "0", 3, None, "many"]

    rows = _rolled(*(_event(n, "search", properties={"results": results}) for n, results in enumerate(found)))

    assert {(row["meaning"], row["times"]) for row in map(_named, rows)} == {("search_empty", 2), ("search", 3)}


def test_a_view_and_the_time_a_page_was_kept_in_sight_tell_the_kind_of_page() -> None:
    rows = _rolled(
        _event(1, "stock_viewed"),
        _event(2, "commission_page_viewed"),
        _event(3, "page_left", properties={"page": "holdings_viewed", "visible_ms": 500}),
        _event(4, "page_left", properties={"page": "home_me"}),
        _event(5, None, type="page"),
        _event(6, "signed_in"),
    )

    assert {(row["meaning"], row["page"], row["dwell_ms"]) for row in map(_named, rows)} == {
        ("stock_viewed", "security", None), ("commission_page_viewed", "fee", None), ("page_left", "holdings", 500),
        ("page_left", "other", None), ("page_viewed", "other", None), ("signed_in", None, None),
    }  # fmt: skip


def test_each_platform_and_device_has_a_row_of_its_own() -> None:
    rows = _rolled(
        _event(1, "search", platform="ios", device="iPhone"),
        _event(2, "search", platform="web"),
        _event(3, "search", platform="ios", device="iPhone"),
    )

    assert [(row["platform"], row["device"], row["times"]) for row in map(_named, rows)] == [
        ("ios", "iPhone", 2),
        ("web", "ios", 1),
    ]


def test_a_fact_that_the_house_wrote_down_is_read_with_the_events() -> None:
    told = {"channel": "web", "device": {"id": "abc"}, "location": {"city": "合肥"}}
    facts = [
        {"id": 7, "day": DAY, "client_id": 1, "kind": "signed_in", "properties": json.dumps(told),
         "happened_at": NOON, "arrived_at": NOON},
        {"id": 8, "day": DAY, "client_id": 1, "kind": "task_result", "properties": "{}", "happened_at": NOON,
         "arrived_at": NOON},
    ]  # fmt: skip

    (row,) = map(_named, _rolled(facts=facts))

    assert (row["meaning"], row["object"], row["channel"], row["city"], row["message_id"], row["times"]) == (
        "signed_in", "900150983cd24fb0", "web", "合肥", "fact:7", 1,
    )  # fmt: skip


def test_what_a_visitor_did_before_he_was_known_counts_as_the_clients() -> None:
    later = NOON + timedelta(hours=1)
    whose = {
        "day": DAY,
        "anonymous_id": "a1",
        "client_id": 5,
        "before": NOON + timedelta(minutes=2),
        "arrived_at": later,
    }
    visitor = {"client_id": None, "anonymous_id": "a1"}

    rows = _rolled(
        _event(1, "search", **visitor),
        _event(2, "search", **visitor),
        _event(1, "search", client_id=None, anonymous_id="a2"),
        attributions=[whose],
    )

    (row,) = map(_named, rows)
    assert (row["client_id"], row["times"], row["arrived_at"]) == (5, 1, later.timestamp())
