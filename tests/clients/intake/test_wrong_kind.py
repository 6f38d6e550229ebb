"""A file of people given as another kind, whole or in part: nothing of a person stands in what is written or said."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from clients.intake.models import ImportRun
from clients.register.models import Client
from tests.clients.intake.lines import CLIENT, CONSENT, TRADE
from tests.clients.intake.taking import Take, Taken, text

PERSON = CLIENT | {"name": "欧阳测试", "card": "6222020200112233445", "address": "合肥市长江路一号"}
SECRETS = (PERSON["id_no"], PERSON["mobile"], PERSON["name"], PERSON["card"], PERSON["email"], PERSON["address"])
KINDS = [
    "accounts",
    "cashflows",
    "consents",
    "events",
    "news",
    "product_holdings",
    "securities",
    "security_events",
    "trades",
]
EVENT = {"messageId": "m1", "type": "track", "event": "seen", "userId": "C9", "timestamp": "2026-11-20T10:00:00"}


def _csv(folder: Path) -> str:
    return text([PERSON])


def _jsonl(folder: Path) -> str:
    return json.dumps(PERSON, ensure_ascii=False)


def _parquet(folder: Path) -> bytes:
    (folder / "people.jsonl").write_text(_jsonl(folder), encoding="utf-8")
    with duckdb.connect() as db:
        source = f"read_json('{folder}/people.jsonl', format = 'newline_delimited')"
        db.execute(f"COPY (FROM {source}) TO '{folder}/people.parquet' (FORMAT parquet)")
    return (folder / "people.parquet").read_bytes()


def everything(taken: Taken) -> Iterator[str]:
    """All that is written or said of a file."""
    yield str(taken.rejects)
    yield str(taken.outcome)
    yield from (str(row) for row in ImportRun.objects.values())


def leaks(taken: Taken) -> list[str]:
    """What of a person stands somewhere."""
    return [secret for secret in SECRETS for told in everything(taken) if secret in told]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", [_csv, _jsonl, _parquet])
def test_nothing_of_a_person_is_shown(world: Take, tmp_path: Path, kind: str, form: Any) -> None:
    taken = world(kind, form(tmp_path))

    assert taken.outcome.accepted == 0
    assert taken.rejects
    assert leaks(taken) == []


def test_of_a_foreign_object_the_columns_are_named(world: Take) -> None:
    taken = world("trades", json.dumps({"id_no": PERSON["id_no"], "name": PERSON["name"], PERSON["mobile"]: 1}))

    assert taken.codes == [(1, "E_COLUMN", "")]
    assert taken.rejects[0]["message"] == "unknown column id_no, name, *******0001"
    assert taken.rejects[0]["original"] == (
        "(not shown: this is no line of trades; it has the columns id_no, name, *******0001)"
    )


def test_of_very_many_columns_some_are_named(world: Take) -> None:
    taken = world("trades", json.dumps({f"c{n}": PERSON["name"] for n in range(25)}))

    assert taken.rejects[0]["original"].endswith("c18, c19 and 5 more)")
    assert leaks(taken) == []


def test_an_object_that_lacks_what_it_must_have_is_foreign_too(world: Take) -> None:
    taken = world("securities", json.dumps({"name": PERSON["name"], "status": PERSON["name"], "code": PERSON["id_no"]}))

    told = {row["column"]: row["message"] for row in taken.rejects}
    assert told["lot"] == "lot must not be empty"
    assert told["status"] == "the value does not fit (not shown: the line cannot be read as one of this kind)"
    assert leaks(taken) == []


@pytest.mark.parametrize("line", [f'["{SECRETS[2]}"]', f'"{SECRETS[2]}"', f"{SECRETS[2]},{SECRETS[0]}", '{"name": '])
def test_what_is_no_object_is_not_shown(world: Take, line: str) -> None:
    taken = world("consents", f"{json.dumps(CONSENT)}\n{line}")

    assert [(number, code) for number, code, _column in taken.codes] == [(2, "E_COLUMN")]
    assert taken.rejects[0]["original"] == "(not shown: it cannot be taken apart, so nobody knows what it holds)"
    assert leaks(taken) == []


def test_lines_of_people_behind_lines_of_trades_are_masked(world: Take) -> None:
    taken = world("trades", text([TRADE]) + text([PERSON]))

    assert (taken.outcome.accepted, taken.outcome.rejected) == (1, 2)
    assert leaks(taken) == []


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@pytest.mark.parametrize(
    "value", [*SECRETS, "138 0000 0001", "6222 0202 0011 2233 445", "110101-19900307-0011", "欧阳测试 13800000001"]
)
def test_whatever_stands_in_a_wrong_column_of_a_personal_kind_is_masked(world: Take, value: str, form: str) -> None:
    row = CLIENT | {"sex": value, "branch": value}

    taken = world("clients", [row] if form == "csv" else json.dumps(row, ensure_ascii=False))

    assert not Client.objects.filter(client_no=CLIENT["client_no"]).exists()
    assert {(code, column) for _line, code, column in taken.codes} >= {("E_ENUM", "sex")}
    assert value not in str(taken.rejects)
    assert leaks(taken) == []


def test_the_free_part_of_an_event_is_not_shown(world: Take) -> None:
    taken = world("events", json.dumps(EVENT | {"properties": {"real_name": PERSON["name"]}}, ensure_ascii=False))

    assert taken.codes == [(1, "E_NO_CLIENT", "userId")]
    assert json.loads(taken.rejects[0]["original"])["properties"] == "{…}"
    assert leaks(taken) == []
