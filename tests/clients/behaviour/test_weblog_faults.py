"""What can be wrong with a log, or with what was asked of it, is said: no bytes and no option end in a traceback."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.behaviour import weblogs
from clients.behaviour.kinds import KIND
from clients.intake.cleaning import Unreadable
from clients.intake.options import BadUsage
from clients.intake.translating import LeftOut
from tests.clients.behaviour.loglines import ADDRESS
from tests.clients.behaviour.loglines import line as _line
from tests.clients.intake.taking import Take


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        (_line(), {"sets": ["format=nginx"]}, "--set format=nginx: there is combined, common"),
        (_line(), {"maps": ["remote=userId"]}, r"remote_user=userId \(did you mean remote_user\?\)"),
        (_line(), {"maps": ["remote_user=anonymousId"]}, "--map remote_user=anonymousId"),
        (_line(), {"maps": ["/a/{}=x"]}, r"write a part of a path as \{word\}"),
        (_line(), {"maps": ["/{a}/{a}=x"]}, "the same word stands twice"),
        (_line(), {"maps": ["@nowhere.txt"]}, "--map @nowhere.txt: this file cannot be read"),
        ("{}\n", {"maps": ["/a=x"]}, "give --set format=combined"),
        (b"PAR1", {"sets": ["format=combined"]}, "the file is Parquet"),
    ],
)
def test_an_option_that_does_not_fit_is_said_and_nothing_taken(
    world: Take, content: Any, options: Any, words: str
) -> None:
    with pytest.raises(BadUsage, match=words):
        world("events", content, **options)

    assert not (world.folder / "lake").exists()


PARTS = st.sampled_from(
    ["- ", "[20/Nov/2026:10:02:31 +0800]", '"GET /', "\\x", "\\", '" 200 5', ' "', "://[", "%", ";"]
)
ALMOST = st.lists(st.one_of(PARTS, st.text(max_size=3)), max_size=12).map("".join)
LINES = st.one_of(ALMOST, st.builds(_line, ALMOST), st.builds(_line, referrer=ALMOST))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(line=LINES)
def test_any_text_is_an_event_without_the_address_or_left_out_or_unreadable(line: str) -> None:
    read = weblogs.reader({"remote_user": "userId"}, {"/{a}/*": "seen"})

    try:
        row = read(line)
    except (Unreadable, LeftOut):
        return

    assert set(row) == {column.name for column in KIND.columns} - {"sentAt", "history"}
    assert row["messageId"] == read(line)["messageId"]
    assert ADDRESS not in str(row)


ANY_LINE = st.one_of(
    st.binary(max_size=40),
    st.builds(lambda target: _line(target).encode(errors="replace"), st.text(max_size=20)),
    st.builds(lambda agent: _line("/a", agent=agent).encode(errors="replace"), st.text(max_size=20)),
    st.builds(lambda cut: _line("/b").encode()[:cut], st.integers(0, 200)),
)


@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(ANY_LINE, max_size=12))
def test_whatever_bytes_come_every_line_is_taken_left_out_or_rejected(world: Take, lines: list[bytes]) -> None:
    content = b"\n".join([_line("/first").encode().strip(), *lines])

    first = world("events", content, sets=["format=combined"], maps=["/{a}/*=seen"])
    again = world("events", content, sets=["format=combined"], maps=["/{a}/*=seen"])

    said = sum(count for text, count in first.outcome.notes.items() if text.endswith(("left out", "by --map")))
    came = [line for line in content.split(b"\n") if line.removesuffix(b"\r").strip()]
    accepted, unchanged, rejected = first.counts
    assert accepted + unchanged + rejected + said == len(came)
    assert len({line for line, _code, _column in first.codes}) == rejected
    assert again.counts == (0, accepted + unchanged, rejected)
