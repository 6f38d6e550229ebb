"""Logs of web servers become events: who asked is not kept, what was shown is, and the same file twice is the same."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from clients.behaviour import agents
from clients.register.models import Client
from tests.clients.behaviour.loglines import ADDRESS, PHONE
from tests.clients.behaviour.loglines import line as _line
from tests.clients.behaviour.loglines import rows as _rows
from tests.clients.intake.taking import Take

PAGES = ["/stock/{symbol}=stock_viewed", "/api/*=-"]


def test_a_page_that_was_shown_is_an_event_without_the_address_and_the_query(world: Take) -> None:
    line = _line("/stock/600519.SH?token=SECRET&m=13800000001", referrer="https://u:p@www.example.com:8443/a?q=SECRET")

    taken = world("events", line, maps=PAGES)

    assert taken.counts == (1, 0, 0)
    assert _rows("type, event, client_id, channel, device, os, browser, properties, epoch(happened_at)") == [
        ("page", "stock_viewed", None, "web", "iPhone", "iOS", "Mobile Safari", '{"symbol": "600519.SH"}', 1795140151)
    ]
    assert json.loads(_rows("context")[0][0]) == {
        "channel": "web",
        "page": {"path": "/stock/600519.SH", "referrer": "https://www.example.com/a"},
        "userAgent": PHONE,
    }
    kept = _rows("events::VARCHAR")[0][0]
    assert [word for word in (ADDRESS, "SECRET", "13800000001") if word in kept] == []


@pytest.mark.parametrize("name", ["access.log", "access.log-20261120.gz", "file"])
def test_the_same_log_twice_changes_nothing_plain_or_packed(world: Take, name: str) -> None:
    content = (_line("/a") * 3 + _line("/b")).encode()

    first = world("events", gzip.compress(content) if name.endswith("gz") else content, name=name)
    again = world("events", content)
    longer = world("events", content + _line("/a").encode())

    assert (first.counts, again.counts, longer.counts) == ((4, 0, 0), (0, 4, 0), (1, 4, 0))
    assert len(_rows("message_id")) == 5


def test_the_same_log_is_the_same_when_user_agents_are_read_otherwise(
    world: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    world("events", _line())
    monkeypatch.setattr(agents, "read", lambda agent: ("Phone", "System", "Reader"))

    again = world("events", _line())

    assert again.counts == (0, 1, 0)
    assert _rows("device") == [("iPhone",)]


def test_equal_lines_far_apart_are_numbered_in_their_order(world: Take) -> None:
    world("events", _line("/a") + _line("/b") + _line("/a") + _line("/b") + _line("/a"))

    ids = [row[0] for row in _rows("message_id")]

    assert sorted(one.count("-") for one in ids) == [1, 1, 2, 2, 2]
    assert sorted(one.rpartition("-")[2] for one in ids if one.count("-") == 2) == ["2", "2", "3"]


def test_only_pages_that_were_shown_count_and_the_rest_is_said(world: Take) -> None:
    lines = [
        _line("/"),
        _line("/seen", status=304),
        _line("/old", status=301),
        _line("/missing", status=404),
        _line("/static/site.CSS?v=3"),
        _line("/favicon.ico"),
        _line("/api/quotes"),
        _line(request="POST /order HTTP/1.1"),
        _line(request=r"\x16\x03\x01", status=400),
        _line(request="GET * HTTP/1.1"),
    ]

    taken = world("events", "".join(lines), maps=PAGES)

    assert taken.counts == (2, 0, 0)
    assert taken.outcome.lines == 2
    assert taken.outcome.notes == {
        "answers other than 2xx and 304 left out": 2,
        "files that belong to pages (styles, scripts, pictures …) left out": 2,
        "paths left out by --map": 1,
        "requests other than GET left out": 2,
        "requests without a path left out": 1,
    }


def test_lines_that_are_none_are_rejected_with_number_code_and_reason_and_never_shown(world: Take) -> None:
    good = _line("/a")
    content = f"{good}{ADDRESS} oops\n\n{good[:-40]}\n".encode() + b"\xff" + good.encode() + b"x\0" + good.encode()

    taken = world("events", content)

    assert taken.counts == (1, 0, 4)
    assert taken.codes == [(2, "E_COLUMN", ""), (4, "E_COLUMN", ""), (5, "E_ENCODING", ""), (6, "E_ENCODING", "")]
    assert "combined or common format" in taken.rejects[0]["message"]
    assert {row["original"] for row in taken.rejects} == {
        "(not shown: it cannot be taken apart, so nobody knows what it holds)"
    }


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("20/Nov/2026:20:06:00 +0800", "E_FUTURE"),
        ("20/Oct/2026:10:00:00 +0800", "E_RANGE"),
        ("31/Feb/2026:10:00:00 +0800", "E_TYPE"),
        ("20/Nil/2026:10:00:00 +0800", "E_TYPE"),
    ],
)
def test_events_of_logs_pass_the_same_checks_and_the_reject_file_shows_no_address(
    world: Take, at: str, code: str
) -> None:
    taken = world("events", _line("/a?q=SECRET", at=at) + _line("/b"))

    assert taken.codes == [(1, code, "timestamp")]
    assert taken.counts == (1, 0, 1)
    assert ADDRESS not in str(taken.rejects)
    assert "SECRET" not in str(taken.rejects)


def test_an_old_log_comes_in_by_the_flag(world: Take) -> None:
    assert world("events", _line(at="20/Nov/2006:10:00:00 +0000"), sets=["history=1"]).counts == (1, 0, 0)


def test_a_time_counts_in_its_zone(world: Take) -> None:
    world("events", _line("/a", at="19/Nov/2026:23:30:00 -0130"))

    assert _rows("epoch(happened_at)") == [(1795136400,)]


def test_a_remote_user_is_a_client_only_where_the_operator_says_so_and_he_is_one(world: Take) -> None:
    lines = _line("/a", user="C0000001") + _line("/b", user="admin") + _line("/c") + _line("/d", user="x" * 21)
    alice = Client.objects.get(client_no="C0000001").pk

    taken = world("events", lines, maps=["remote_user=userId"])

    found = _rows("client_id, anonymous_id IS NULL, json_extract_string(context, '$.page.path') AS page")
    assert sorted(found, key=lambda row: str(row[2])) == [
        (alice, True, "/a"), (None, False, "/b"), (None, False, "/c"), (None, False, "/d"),
    ]  # fmt: skip
    assert taken.outcome.notes == {"remote users who are no clients: their pages count as a visitor's": 1}


def test_without_that_word_nobody_is_a_client(world: Take) -> None:
    world("events", _line(user="C0000001"))

    assert _rows("client_id, anonymous_id IS NULL") == [(None, False)]
    assert "C0000001" not in _rows("events::VARCHAR")[0][0]


def test_visitors_are_told_apart_within_a_day_and_not_beyond(world: Take) -> None:
    world("events", "".join([
        _line("/a"),
        _line("/b", at="20/Nov/2026:10:02:32 +0800"),
        _line("/c", at="20/Nov/2026:10:02:33 +0800", host="203.0.113.78"),
        _line("/d", at="20/Nov/2026:10:02:34 +0800", agent="Mozilla/5.0"),
        _line("/e", at="19/Nov/2026:22:02:35 -0400"),
    ]))  # fmt: skip

    visitors = [row[0] for row in _rows("anonymous_id")]

    assert len(visitors) == 5
    assert [visitors.index(one) for one in visitors] == [0, 0, 2, 3, 4]


def test_the_key_of_the_house_goes_into_every_digest(world: Take, settings: Any) -> None:
    world("events", _line())
    settings.BLIND_INDEX_KEY = "another"

    taken = world("events", _line())

    assert taken.counts == (1, 0, 0)
    assert {len(set(column)) for column in zip(*_rows("message_id, anonymous_id"), strict=True)} == {2}


@pytest.mark.parametrize(
    "line",
    [
        f'{ADDRESS} - - [20/Nov/2026:10:02:31 +0800] "GET /a HTTP/1.0" 200 -\n',
        f"www.example.com:443 {_line('/a', more=' 0.012 198.51.100.7')}",
        _line("/a", host="2001:db8::7", user="Zhang San"),
        _line(request="GET http://www.example.com/a?b HTTP/1.1", more=' "198.51.100.7"'),
        _line("/a;jsessionid=8F3A"),
        _line("/%61#x"),
    ],
    ids=["common", "vhost", "ipv6", "proxy", "session", "encoded"],
)
def test_other_ways_to_write_the_same_request(world: Take, line: str) -> None:
    taken = world("events", line)

    assert taken.counts == (1, 0, 0)
    assert _rows("json_extract_string(context, '$.page.path')") == [("/a",)]


def test_what_looks_like_a_number_of_somebody_is_masked_in_paths_and_dropped_as_property(world: Take) -> None:
    taken = world("events", _line("/of/13800000001/jia%40example.com"), maps=["/of/{who}/*=seen"])

    assert _rows("event, json_extract_string(context, '$.page.path'), properties") == [
        ("seen", "/of/*******0001/j***@example.com", "{}")
    ]
    assert taken.outcome.notes == {"keys that look like numbers of persons or cards dropped": 1}


def test_bytes_that_servers_escape_are_text_again(world: Take) -> None:
    world("events", _line(r"/\xE8\xB4\xB5\x00", agent=r"a \"b\" \xe5\xbe\xae\x01"))

    assert _rows("json_extract_string(context, '$.page.path'), json_extract_string(context, '$.userAgent')") == [
        ("/贵", 'a "b" 微')
    ]


def test_pages_are_named_in_a_file_as_well(world: Take, tmp_path: Path) -> None:
    (tmp_path / "pages.txt").write_text("# ours\n\n/stock/{symbol}=stock_viewed\n/news/*=article\n", encoding="utf-8")

    taken = world("events", _line("/stock/600519.SH/") + _line("/news/2026/11"), maps=[f"@{tmp_path}/pages.txt"])

    assert taken.counts == (2, 0, 0)
    assert sorted(_rows("event")) == [("article",), ("stock_viewed",)]


def test_what_is_set_for_every_line_is_not_read_from_it(world: Take) -> None:
    taken = world("events", _line("/a"), sets=["anonymousId=of-the-old-site", "event=seen"])

    assert taken.counts == (1, 0, 0)
    assert _rows("anonymous_id, event") == [("of-the-old-site", "seen")]


def test_a_log_whose_first_line_is_none_is_named_or_has_a_telling_name(world: Take) -> None:
    content = "oops\n" + _line("/a")

    named = world("events", content, sets=["format=combined"])
    told = world("events", content, name="access.log.1")

    assert (named.counts, told.counts) == ((1, 0, 1), (0, 1, 1))
    assert world("events", content).outcome.refused
