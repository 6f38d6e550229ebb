"""Files of other trackers, as their makers write them, fit by options alone: CSV, JSON lines and Parquet."""

import gzip
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from clients.register.models import Client
from tests.clients.behaviour.test_kinds import DAY, _rows
from tests.clients.intake.taking import NOW, Take

MAPS = [
    "event_id=messageId",
    "name=event",
    "uid=userId",
    "cookie=anonymousId",
    "@timestamp=timestamp",
    "payload=properties",
]
OPTIONS: dict[str, Any] = {"maps": MAPS, "sets": ["type=track"], "skips": ["ip", "version"]}
OLD: list[dict[str, Any]] = [
    {
        "event_id": "m1", "name": "stock_viewed", "uid": "C0000001", "cookie": "k1", "ip": "203.0.113.77", "version": 3,
        "@timestamp": "2026-11-20 09:58:12+08:00", "payload": {"symbol": "600519.SH", "mobile": "13800000001"},
    },
    {
        "event_id": "m2", "name": "search", "uid": None, "cookie": "k2", "ip": "203.0.113.77", "version": 3,
        "@timestamp": "2026-11-20 10:58:12+08:00", "payload": {"symbol": "000001.SZ", "mobile": None},
    },
    {
        "event_id": "m3", "name": "search", "uid": "C9", "cookie": "k2", "ip": "203.0.113.77", "version": 3,
        "@timestamp": "2026-11-20 11:58:12+08:00", "payload": {"symbol": "000001.SZ", "mobile": None},
    },
]  # fmt: skip


def _jsonl(folder: Path) -> Path:
    file = folder / "old.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in OLD), encoding="utf-8")
    return file


def _packed(folder: Path) -> Path:
    file = folder / "old.jsonl.gz"
    file.write_bytes(gzip.compress(_jsonl(folder).read_bytes()))
    return file


def _of_table(folder: Path, name: str, form: str, columns: str) -> Path:
    file = folder / name
    with duckdb.connect() as db:
        db.execute("SET TimeZone = 'Asia/Shanghai'")
        source = f"read_json('{_jsonl(folder)}', columns = {{event_id: 'VARCHAR', name: 'VARCHAR', uid: 'VARCHAR', "
        source += "cookie: 'VARCHAR', ip: 'VARCHAR', version: 'INTEGER', \"@timestamp\": 'TIMESTAMPTZ', "
        source += "payload: 'STRUCT(symbol VARCHAR, mobile VARCHAR)'})"
        db.execute(f"COPY (SELECT {columns} FROM {source}) TO '{file}' ({form})")
    return file


def _csv(folder: Path) -> Path:
    return _of_table(
        folder, "old.csv", "FORMAT csv, HEADER", "* REPLACE (CAST(to_json(payload) AS VARCHAR) AS payload)"
    )


def _parquet(folder: Path) -> Path:
    return _of_table(folder, "old.parquet", "FORMAT parquet", "*")


@pytest.mark.parametrize("make", [_jsonl, _packed, _csv, _parquet])
def test_files_of_another_tracker_fit_by_options_alone(world: Take, tmp_path: Path, make: Any) -> None:
    alice = Client.objects.get(client_no="C0000001").pk

    taken = world("events", make(tmp_path), **OPTIONS)
    again = world("events", make(tmp_path), **OPTIONS)

    assert (taken.counts, again.counts) == ((2, 0, 1), (0, 2, 1))
    assert [(code, column) for _line, code, column in taken.codes] == [("E_NO_CLIENT", "userId")]
    symbol = "json_extract_string(properties, '$.symbol')"
    assert _rows(f"type, event, client_id, anonymous_id, {symbol}, contains(properties, 'mobile')") == [
        ("track", "stock_viewed", alice, "k1", "600519.SH", False),
        ("track", "search", None, "k2", "000001.SZ", False),
    ]
    assert "203.0.113.77" not in str(_rows("events::VARCHAR"))


def test_old_ones_come_in_by_the_flag(world: Take, tmp_path: Path) -> None:
    now = NOW + timedelta(days=31)

    refused = world("events", _parquet(tmp_path), now=now, **OPTIONS)
    taken = world("events", _parquet(tmp_path), now=now, **OPTIONS | {"sets": ["type=track", "history=1"]})

    assert refused.counts == (0, 0, 3)
    assert {code for _line, code, _column in refused.codes} == {"E_RANGE"}
    assert taken.counts == (2, 0, 1)
    assert len(_rows(day=DAY)) == 2
