"""Personal fields are in the clear nowhere: not in the record, not while staged, not in the reject file."""

import json
from typing import Any

import pytest
from django.db import connection

from clients.intake import staging
from clients.register.models import Client
from tests.clients.intake.lines import ACCOUNT, CLIENT, TRADE
from tests.clients.intake.taking import Take

SECRETS = (CLIENT["id_no"], CLIENT["mobile"], CLIENT["email"])
MASKED = {"name": "测**", "id_no": "110***********0011", "mobile": "138****0001", "email": "j***@example.com",
          "birth_date": "1990"}  # fmt: skip


def test_the_record_holds_ciphertext_that_reads_as_it_was_written(world: Take) -> None:
    world("clients", [CLIENT])

    client = Client.objects.get(client_no="C0000123")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(to_jsonb(c)::text, '') FROM register_client c")
        stored = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(to_jsonb(h)::text, '') FROM register_clienthistory h")
        stored += cursor.fetchone()[0]
    assert (client.id_no, client.mobile, client.email) == SECRETS
    assert not any(secret in stored for secret in SECRETS)


def test_nothing_is_in_the_clear_while_it_is_staged(world: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    staged: list[str] = []

    def look(self: staging.Staging, *args: Any) -> None:
        staged.extend(str(row) for row in self.rows("SELECT * FROM intake_stage"))

    monkeypatch.setattr(staging.Staging, "__exit__", look)
    world("clients", [CLIENT])

    assert "C0000123" in staged[0]
    assert not any(secret in staged[0] for secret in SECRETS)


def test_a_rejected_line_is_masked(world: Take) -> None:
    taken = world("clients", [CLIENT | {"branch": "XX"}])

    line = dict(zip(CLIENT, taken.rejects[0]["original"].split(","), strict=True))
    assert line == CLIENT | MASKED | {"branch": "XX"}


def test_a_rejected_object_is_masked(world: Take) -> None:
    taken = world("clients", json.dumps(CLIENT | {"branch": "XX"}))

    assert json.loads(taken.rejects[0]["original"]) == CLIENT | MASKED | {"branch": "XX"}


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_number_or_an_address_in_a_wrong_column_is_masked_in_line_and_message(world: Take, form: str) -> None:
    row = CLIENT | {"sex": CLIENT["id_no"], "id_valid_to": CLIENT["mobile"], "branch": CLIENT["email"]}

    taken = world("clients", [row] if form == "csv" else json.dumps(row | {"id_valid_to": int(CLIENT["mobile"])}))

    assert {"sex", "id_valid_to"} <= {column for _line, _code, column in taken.codes}
    assert "'**************0011'" in next(row["message"] for row in taken.rejects if row["column"] == "sex")
    assert not any(secret in str(taken.rejects) for secret in SECRETS)


@pytest.mark.parametrize(
    "line", ["C1,110101199003070011", 'C1,"110101199003070011', '{"id_no": "110101199003070011", "x": 1}']
)
def test_a_line_that_cannot_be_taken_apart_is_not_shown(world: Take, line: str) -> None:
    content = line if line.startswith("{") else f"{','.join(CLIENT)}\n{line}\n"

    taken = world("clients", content)

    assert taken.outcome.rejected == 1
    assert "110101199003070011" not in str(taken.rejects)


@pytest.mark.parametrize("kind", ["clients", "trades"])
def test_a_file_without_a_header_does_not_put_a_person_into_the_reject_file(world: Take, kind: str) -> None:
    taken = world(kind, ",".join(CLIENT.values()))

    assert taken.outcome.refused
    assert not any(secret in str(taken.rejects) + taken.outcome.refused for secret in (*SECRETS, "测试甲"))


def test_an_unknown_column_named_like_a_number_or_an_address_is_masked(world: Take) -> None:
    taken = world("trades", [TRADE | {"11010119900307001X": "", "someone@example.com": ""}])

    assert [column for _line, _code, column in taken.codes] == ["**************001X", "s***@example.com"]
    assert not any(word in str(taken) for word in ("11010119900307", "someone@"))


def test_a_message_does_not_repeat_a_personal_value(world: Take) -> None:
    taken = world("clients", [CLIENT | {"birth_date": "7.3.1990", "mobile": "1" * 30}])

    assert sorted(taken.codes) == [(2, "E_RANGE", "mobile"), (2, "E_TYPE", "birth_date")]
    assert not any("1990" in row["message"] or "1111" in row["message"] for row in taken.rejects)


def test_a_full_card_number_is_refused_and_masked(world: Take) -> None:
    taken = world("accounts", [ACCOUNT | {"bank_card_tail": "6222020200112233445"}])

    assert taken.codes == [(2, "E_RANGE", "bank_card_tail")]
    assert "***************3445" in taken.rejects[0]["original"]
    assert "6222020200112233445" not in str(taken.rejects)
