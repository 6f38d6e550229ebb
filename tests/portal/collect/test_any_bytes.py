"""Whatever comes: an answer, and nothing but whole lines that every reader understands."""

import gzip
import json
import tempfile
from pathlib import Path
from typing import Any

import duckdb
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.collect.segments import ready, whole_lines
from tests.portal.collect.asking import PUBLIC, Door, basic, event

TEXTS = st.text(st.characters(exclude_categories=()), max_size=8)  # with halves of characters, which JSON may escape
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(["type", "messageId", "userId", "anonymousId", "sentAt", "writeKey", "properties"])
KINDS = st.sampled_from(["track", "page", "alias"])
EVENTS = st.dictionaries(FIELDS, VALUES, max_size=5) | st.builds(
    lambda kind, rest: {**event(), **rest, "type": kind}, KINDS, st.dictionaries(TEXTS, VALUES, max_size=3)
)
BATCHES = st.builds(
    lambda events, sent, indent: json.dumps({"batch": events, "sentAt": sent}, indent=indent).encode(),
    st.lists(EVENTS | VALUES, max_size=4), VALUES, st.sampled_from([None, 1]),
)  # fmt: skip
BODIES = st.binary(max_size=300) | BATCHES | EVENTS.map(lambda told: json.dumps(told).encode())


def kept_after(path: str, body: bytes, environ: dict[str, str]) -> tuple[int, list[bytes]]:
    with tempfile.TemporaryDirectory() as folder:
        door = Door(Path(folder))
        answer = door.ask(path, body, HTTP_AUTHORIZATION=basic(PUBLIC), **environ)
        door.segments.close()
        written = b"".join(path.read_bytes() for path in ready(Path(folder)))
        lines = [line for path in ready(Path(folder)) for line in whole_lines(path)]
        assert b"".join(lines) == written
    return answer.status, lines


@settings(deadline=None)
@given(
    st.sampled_from(["/v1/batch", "/v1/track", "/v1/i"]),
    BODIES,
    st.fixed_dictionaries({"HTTP_USER_AGENT": TEXTS, "REMOTE_ADDR": TEXTS, "HTTP_COOKIE": TEXTS}),
    st.booleans(),
)
@example("/v1/batch", rb'{"batch": [{"type": "page", "a": "\udc00\ud800"}, {"type": "page", "b": 1e999}]}', {}, False)
@example("/v1/track", b'{"messageId": null, "b": 1e999}', {}, False)
@example("/v1/track", b'\r\n{"a":\r\n"\\u0000"}\n', {"HTTP_USER_AGENT": '\x00"\\\x85\u2028\n'}, False)
def test_any_bytes_get_an_answer_and_write_whole_lines(
    path: str, body: bytes, environ: dict[str, str], zipped: bool
) -> None:
    coding = {"HTTP_CONTENT_ENCODING": "gzip"} if zipped else {}

    status, lines = kept_after(path, gzip.compress(body) if zipped else body, {**environ, **coding})

    assert status in (200, 400)
    assert all(line.count(b"\n") == 1 and b"\r" not in line for line in lines)
    assert all({"r", "k", "p"} <= json.loads(line).keys() for line in lines)
    assert all(valid(line) for line in lines)


def valid(line: bytes) -> Any:
    return duckdb.execute("SELECT json_valid(?)", [line.decode()]).fetchall()[0][0]


@settings(deadline=None)
@given(st.lists(EVENTS | VALUES, max_size=6))
def test_every_event_of_a_batch_that_is_taken_leaves_one_line(events: list[Any]) -> None:
    body = json.dumps({"batch": events}).encode()

    status, lines = kept_after("/v1/batch", body, {})

    assert (status, len(lines)) == (200, len(events))
