"""Segments for tests: lines as the collector writes them."""

import itertools
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from clients.behaviour import capture
from clients.lake import manifest as manifests
from clients.lake.reading import open_lake, relation
from clients.register.models import Client, Consent
from tests import factories as make

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.0 Mobile/15E148 Safari/604.1"
)
_number = itertools.count(1)


def us(moment: datetime) -> int:
    """A moment as the collector writes it."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def line(at: datetime = AT, *, event: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """One line; `event` changes the event, None takes a field out of it."""
    told = {
        "messageId": f"m{next(_number):06}", "event": "stock_viewed", "anonymousId": "a1",
        "timestamp": at.isoformat(), "context": {}, "properties": {}, **(event or {}),
    }  # fmt: skip
    kept = {name: value for name, value in told.items() if value is not None}
    known = {
        "r": us(at), "k": 1, "p": "web", "t": "track", "c": None, "n": None, "f": 0, "i": "36.1.2.3", "u": PHONE,
        "s": None, "e": kept,
    }  # fmt: skip
    return {**known, **fields}


def segment(folder: Path, lines: Sequence[dict[str, Any] | bytes], *, number: int = 1, end: str = ".closed") -> Path:
    """Write a segment; bytes stand as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{number:020d}-1{end}"
    texts = [
        one if isinstance(one, bytes) else json.dumps(one, separators=(",", ":")).encode() + b"\n" for one in lines
    ]
    file.write_bytes(b"".join(texts))
    return file


def agreeing(name: str = "Bob", *, since: datetime = AT - timedelta(days=60)) -> Client:
    """A client who agrees to the analysis of his behaviour."""
    client = make.client(name)
    answer(client, given=True, at=since)
    return client


def answer(client: Client, *, given: bool, at: datetime) -> None:
    """Write down what a client says to the analysis of his behaviour."""
    Consent.objects.create(client=client, purpose="behaviour", version="1", given=given, channel="app", at=at)


def take(folder: Path, *lines: dict[str, Any] | bytes, name: str = "") -> capture.Taken:
    """Take lines in as one portion."""
    number = next(_number)
    file = segment(folder, lines, number=number)
    return capture.take_in(name=name or str(number), files=[file], now=AT)


def rows(columns: str = "message_id", table: str = "events", order: str = "message_id") -> list[tuple[Any, ...]]:
    """All rows of a table of the lake."""
    with open_lake() as con:
        return con.execute(
            f"SELECT {columns} FROM {relation(table, manifests.days(table))} AS t ORDER BY {order}"
        ).fetchall()


def letters() -> list[dict[str, Any]]:
    """All dead letters, by file and line."""
    files = sorted(Path(settings.DEAD_LETTER_DIR).glob("*.jsonl"))
    return [json.loads(text) for file in files for text in file.read_text(encoding="utf-8").splitlines()]
