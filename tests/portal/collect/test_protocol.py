"""The Segment HTTP tracking API: addresses, keys, limits on both sides of the edge, and what is answered."""

import gzip
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from tests.portal.collect.asking import PUBLIC, SERVER, Door, basic, event

SINGLE = {
    "/v1/track": "track", "/v1/page": "page", "/v1/screen": "screen", "/v1/identify": "identify",
    "/v1/group": "group", "/v1/alias": "alias", "/v1/t": "track", "/v1/p": "page", "/v1/s": "screen",
    "/v1/i": "identify", "/v1/g": "group", "/v1/a": "alias",
}  # fmt: skip
TAKEN = {"success": True}


def sized(size: int, **changes: Any) -> bytes:
    """An event of exactly so many bytes."""
    bare = len(json.dumps(event(filler="", **changes)))
    return json.dumps(event(filler="x" * (size - bare), **changes)).encode()


def batch(*events: Any, **changes: Any) -> dict[str, Any]:
    return {"batch": list(events), **changes}


@pytest.mark.parametrize(("path", "kind"), SINGLE.items())
def test_every_address_of_one_event_keeps_it_under_its_own_type(door: Door, path: str, kind: str) -> None:
    answer = door.send(path, event(type=None), REMOTE_ADDR="10.1.2.3", HTTP_USER_AGENT='A "browser"')

    (line,) = door.kept()
    assert (answer.status, answer.said) == (200, TAKEN)
    assert list(line) == ["r", "k", "p", "o", "t", "c", "n", "f", "i", "u", "s", "e"]
    assert (line["k"], line["p"], line["t"], line["e"]) == (7, "web", kind, event(type=None))
    assert (line["i"], line["u"], line["s"]) == ("10.1.2.3", 'A "browser"', None)


@pytest.mark.parametrize("path", ["/v1/batch", "/v1/b", "/v1/import"])
def test_every_address_of_a_batch_keeps_each_event_under_the_type_it_names(door: Door, path: str) -> None:
    sent = [event(messageId=kind, type=kind) for kind in ("track", "page", "identify")]

    answer = door.send(path, batch(*sent, sentAt="2026-11-22T02:00:01.000Z"), zipped=True)

    kept = door.kept()
    assert (answer.status, answer.said) == (200, TAKEN)
    assert [(line["t"], line["e"]["messageId"]) for line in kept] == [(told["type"], told["type"]) for told in sent]
    assert {line["s"] for line in kept} == {"2026-11-22T02:00:01.000Z"}


@pytest.mark.parametrize("path", ["/", "/v1/", "/v1/tracks", "/v1/track/", "/v2/track", "/health/"])
def test_everything_else_goes_to_django_untouched(door: Door, path: str) -> None:
    answer = door.send(path, event())

    assert (answer.body, answer.headers["X-Behind"]) == (b"Django", path)
    assert door.kept() == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
def test_only_post_brings_events(door: Door, method: str) -> None:
    answer = door.ask("/v1/track", json.dumps(event(writeKey=PUBLIC)).encode(), method)

    assert (answer.status, answer.headers["Allow"]) == (405, "POST, OPTIONS")
    assert door.kept() == []


def test_the_key_comes_by_basic_or_in_the_body_and_basic_goes_first(door: Door) -> None:
    both = door.send("/v1/track", event(messageId="both", writeKey="wrong"))
    in_body = door.ask("/v1/track", json.dumps(event(messageId="body", writeKey=PUBLIC)).encode())
    in_batch = door.ask("/v1/batch", json.dumps(batch(event(messageId="batch"), writeKey=SERVER)).encode())

    assert [answer.status for answer in (both, in_body, in_batch)] == [200, 200, 200]
    assert [(line["e"]["messageId"], line["k"]) for line in door.kept()] == [("both", 7), ("body", 7), ("batch", 8)]


@pytest.mark.parametrize(
    "header",
    [
        "",
        basic("nobody's"),
        "Bearer " + PUBLIC,
        "Basic",
        "Basic !",
        "Basic //8=",
        pytest.param(basic("x" * 9999), id="long"),
    ],
)
def test_an_unknown_key_is_told_so_and_nothing_is_kept(door: Door, header: str) -> None:
    answer = door.ask("/v1/track", json.dumps(event()).encode(), HTTP_AUTHORIZATION=header)

    assert (answer.status, answer.said["code"]) == (401, "unknown_key")
    assert "Retry-After" not in answer.headers
    assert door.kept() == []


def test_one_event_up_to_its_limit_and_no_byte_more(door: Door) -> None:
    fits = door.ask("/v1/track", sized(32 * 1024, messageId="fits"), HTTP_AUTHORIZATION=basic(PUBLIC))
    exceeds = door.ask("/v1/track", sized(32 * 1024 + 1), HTTP_AUTHORIZATION=basic(PUBLIC))

    assert (fits.status, exceeds.status, exceeds.said["code"]) == (200, 413, "too_large")
    assert [line["e"]["messageId"] for line in door.kept()] == ["fits"]


@pytest.mark.parametrize("zipped", [False, True])
def test_a_batch_up_to_its_limit_and_no_byte_more(door: Door, zipped: bool) -> None:
    frame = len(b'{"batch":[' + b"," * 15 + b"]}")
    most = 500 * 1024 - frame - 15 * 32 * 1024
    largest = [sized(32 * 1024, messageId=str(number)) for number in range(15)]
    whole = b'{"batch":[' + b",".join([*largest, sized(most, messageId="15")]) + b"]}"
    pack = gzip.compress if zipped else bytes
    environ = {"HTTP_AUTHORIZATION": basic(PUBLIC), "HTTP_CONTENT_ENCODING": "gzip" if zipped else ""}

    fits = door.ask("/v1/batch", pack(whole), **environ)
    exceeds = door.ask("/v1/batch", pack(whole + b" "), **environ)

    assert len(whole) == 500 * 1024
    assert (fits.status, exceeds.status, exceeds.said["code"]) == (200, 413, "too_large")
    assert [line["e"]["messageId"] for line in door.kept()] == [str(number) for number in range(16)]


def test_so_many_events_in_a_batch_and_not_one_more(tmp_path: Path) -> None:
    door = Door(tmp_path, batch_events=3)

    fits, exceeds = door.send("/v1/batch", batch(*[event()] * 3)), door.send("/v1/batch", batch(*[event()] * 4))

    assert (fits.status, exceeds.status) == (200, 400)
    assert len(door.kept()) == 3


def test_a_bomb_is_inflated_no_further_than_the_limit(door: Door) -> None:
    bomb = gzip.compress(b" " * 50_000_000)

    tracemalloc.start()
    answer = door.ask("/v1/batch", bomb, HTTP_AUTHORIZATION=basic(PUBLIC), HTTP_CONTENT_ENCODING="gzip")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert len(bomb) < 50_000
    assert peak < 5_000_000
    assert (answer.status, answer.said["code"]) == (413, "too_large")
    assert door.kept() == []


@pytest.mark.parametrize(
    ("body", "coding", "status"),
    [
        (b"", "", 400),
        (b"{", "", 400),
        (b"[]", "", 400),
        (b'"text"', "", 400),
        (b'{"batch": {}}', "", 400),
        (b'{"events": []}', "", 400),
        pytest.param(b'{"batch": [' + b"[" * 5000 + b"]" * 5000 + b"]}", "", 400, id="deep"),
        (b'{"batch": ["\xff"]}', "", 400),
        (b"not gzip", "gzip", 400),
        pytest.param(gzip.compress(b'{"batch": []}')[:-4], "gzip", 400, id="cut"),  # the bytes hold the time
        pytest.param(gzip.compress(b'{"batch": []}') + b"more", "gzip", 400, id="more"),
        (b'{"batch": []}', "br", 415),
    ],
)
def test_a_body_that_is_no_batch_is_refused_and_sdks_do_not_send_it_again(
    door: Door, body: bytes, coding: str, status: int
) -> None:
    answer = door.ask("/v1/batch", body, HTTP_AUTHORIZATION=basic(PUBLIC), HTTP_CONTENT_ENCODING=coding)

    assert answer.status == status
    assert answer.said["success"] is False
    assert len(answer.said["message"]) > 10
    assert door.kept() == []


@pytest.mark.parametrize("wrong", [{"messageId": 5}, {"userId": [1]}, {"type": 1}, {"userId": 1.5}])
def test_one_event_of_the_wrong_shape_is_refused(door: Door, wrong: dict[str, Any]) -> None:
    answer = door.send("/v1/track", event(**wrong))

    assert (answer.status, answer.said["code"]) == (400, "malformed")
    assert next(iter(wrong)) in answer.said["message"]
    assert door.kept() == []


def test_a_bad_event_of_a_batch_becomes_a_dead_letter_and_the_others_are_kept(door: Door) -> None:
    large = json.loads(sized(32 * 1024 + 1))
    bad = [large, event(messageId=5), event(type="clicked"), event(type=None), "text", 5, None, [event()]]

    answer = door.send("/v1/batch", batch(event(messageId="first"), *bad, event(messageId="last")))

    kept = door.kept()
    dead = [line for line in kept if "x" in line]
    assert (answer.status, answer.said) == (200, TAKEN)
    assert [line["e"]["messageId"] for line in kept if "x" not in line] == ["first", "last"]
    assert {tuple(line) for line in dead} == {("r", "k", "p", "o", "x", "e")}
    assert [line["x"].split(":")[0] for line in dead] == ["too_large", "malformed", *["unknown_type"] * 2] + [
        "malformed"
    ] * 4
    assert dead[0]["e"] == json.dumps(large)[:2048]
    assert [json.loads(line["e"]) for line in dead[1:]] == bad[1:]


def test_an_empty_batch_is_taken_and_writes_nothing(door: Door) -> None:
    assert door.send("/v1/batch", batch()).status == 200
    assert door.kept() == []


def test_half_a_character_is_replaced_and_a_whole_one_is_not_touched(door: Door) -> None:
    """JavaScript cuts texts in the middle of an emoji and writes the half that is left as an escape."""
    told = r'{"batch": [{"type": "page", "messageId": "m", "a": "\ud83d", "b": "\ud83d\ude00", "c": "\\ud83d"}]}'

    answer = door.ask("/v1/batch", told.encode(), HTTP_AUTHORIZATION=basic(PUBLIC))

    (line,) = door.kept()
    assert answer.status == 200
    assert (line["e"]["a"], line["e"]["b"], line["e"]["c"]) == ("�", "\U0001f600", r"\ud83d")


def test_line_feeds_between_the_parts_of_an_event_break_no_line(door: Door) -> None:
    door.ask("/v1/batch", json.dumps(batch(event()), indent=2).encode(), HTTP_AUTHORIZATION=basic(PUBLIC))
    door.ask(
        "/v1/track", json.dumps(event(), indent=2).replace("\n", "\r\n").encode(), HTTP_AUTHORIZATION=basic(PUBLIC)
    )

    assert [line["e"] for line in door.kept()] == [event(), event()]


@pytest.mark.parametrize("given", [5, None, {}, "2026" * 20])
def test_a_time_of_sending_that_is_none_counts_as_not_told(door: Door, given: Any) -> None:
    door.send("/v1/batch", batch(event(), sentAt=given))
    door.send("/v1/track", event(sentAt=given))

    assert [line["s"] for line in door.kept()] == [None, None]


def test_what_proxies_say_of_the_address_counts_by_the_rule_of_the_house(door: Door, settings: Any) -> None:
    forwarded = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "1.1.1.1, 203.0.113.9"}

    door.send("/v1/track", event(), **forwarded)
    settings.TRUSTED_PROXIES = 1
    door.send("/v1/track", event(), **forwarded)

    assert [line["i"] for line in door.kept()] == ["10.0.0.1", "203.0.113.9"]


def test_pages_of_our_own_host_may_send_and_others_may_not(door: Door) -> None:
    own = door.send("/v1/t", event(), HTTP_ORIGIN="https://wangting.example", HTTP_HOST="wangting.example")
    foreign = door.send("/v1/t", event(), HTTP_ORIGIN="https://other.example", HTTP_HOST="wangting.example")
    asked = door.ask("/v1/t", method="OPTIONS", HTTP_ORIGIN="https://other.example", HTTP_HOST="wangting.example")

    assert [own.status, foreign.status, asked.status] == [200, 403, 403]
    assert "Access-Control-Allow-Origin" not in own.headers | foreign.headers | asked.headers
    assert len(door.kept()) == 1


def test_pages_of_a_listed_origin_may_send(tmp_path: Path) -> None:
    door = Door(tmp_path, origins=frozenset({"https://www.example"}))
    environ = {"HTTP_ORIGIN": "https://www.example", "HTTP_HOST": "wangting.example"}

    asked = door.ask("/v1/t", method="OPTIONS", **environ)
    sent = door.send("/v1/t", event(), **environ)
    wrong = door.send("/v1/t", event(), key="wrong", **environ)

    assert (asked.status, asked.body, sent.status, wrong.status) == (204, b"", 200, 401)
    for answer in (asked, sent, wrong):
        assert answer.headers["Access-Control-Allow-Origin"] == "https://www.example"
        assert answer.headers["Vary"] == "Origin"
