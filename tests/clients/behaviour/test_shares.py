"""A file of events goes into the lake a share at a time, whatever its form: no more rows are held than one has."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from clients.behaviour import kinds, shares
from clients.lake import appending
from clients.lake.reading import open_lake, relation
from tests.clients.behaviour.loglines import line
from tests.clients.intake.taking import Take, text

MANY, AT_ONCE = 600, 100
EVE, DAY = date(2026, 11, 19), date(2026, 11, 20)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> list[tuple[date, int]]:
    """How many rows of which day were held at once, each time that some were."""
    found: list[tuple[date, int]] = []

    def append(table: str, day: date, con: duckdb.DuckDBPyConnection, rows: str, **how: Any) -> int:
        found.append((day, con.execute(f"SELECT count(*) FROM {rows}").fetchall()[0][0]))
        return appending.append(table, day, con, rows, **how)

    monkeypatch.setattr(kinds, "append", append)
    monkeypatch.setattr(shares, "AT_ONCE", AT_ONCE)
    return found


def events() -> list[dict[str, object]]:
    return [
        {
            "messageId": f"m-{n}", "type": "track", "event": "stock_viewed", "anonymousId": f"a-{n % 7}",
            "timestamp": f"2026-11-{19 + n % 2}T10:{n // 60:02}:{n % 60:02}+08:00", "context": "{}", "properties": "{}",
        }
        for n in range(MANY)
    ]  # fmt: skip


def log() -> str:
    return "".join(line(f"/{n}", at=f"{19 + n % 2}/Nov/2026:10:{n // 60:02}:{n % 60:02} +0800") for n in range(MANY))


def parquet(folder: Path) -> Path:
    source, target = folder / "events.jsonl", folder / "events.parquet"
    source.write_text("".join(json.dumps(event) + "\n" for event in events()), encoding="utf-8")
    duckdb.sql(f"COPY (SELECT * FROM read_json('{source}')) TO '{target}'")
    return target


def in_the_lake() -> list[tuple[Any, ...]]:
    with open_lake() as con:
        rows = relation("events", [EVE, DAY])
        return con.execute(
            f"SELECT day, count(*), count(DISTINCT message_id) FROM {rows} GROUP BY 1 ORDER BY 1"
        ).fetchall()


@pytest.mark.parametrize("form", ["log", "jsonl", "csv", "parquet"])
def test_no_more_rows_are_held_than_a_share_has_whatever_the_file(
    world: Take, tmp_path: Path, held: list[tuple[date, int]], form: str
) -> None:
    content = {
        "log": log,
        "jsonl": lambda: "".join(json.dumps(event) + "\n" for event in events()),
        "csv": lambda: text(events()),
        "parquet": lambda: parquet(tmp_path),
    }[form]()

    taken = world("events", content)

    assert taken.counts == (MANY, 0, 0)
    assert in_the_lake() == [(EVE, 300, 300), (DAY, 300, 300)]
    assert [day for day, _rows in held] == [EVE] * 3 + [DAY] * 3
    assert sum(rows for _day, rows in held) == MANY
    assert max(rows for _day, rows in held) < 1.5 * AT_ONCE


def test_the_same_file_again_changes_nothing_and_another_content_is_refused_in_any_share(
    world: Take, held: list[tuple[date, int]]
) -> None:
    world("events", text(events()))
    changed = [{**event, "event": "search"} if event["messageId"] == "m-411" else event for event in events()]

    again = world("events", text(events()))
    other = world("events", text(changed))

    assert again.counts == (0, MANY, 0)
    assert other.counts == (0, MANY - 1, 1)
    assert other.codes == [(413, "E_CONFLICT", "")]
    assert in_the_lake() == [(EVE, 300, 300), (DAY, 300, 300)]
