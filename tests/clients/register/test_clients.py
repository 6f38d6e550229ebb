"""Clients: identity, assessments, history, and comparing what is stored encrypted."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from clients.intake import registry
from clients.intake.registry import Merge
from clients.register.kinds.clients import KIND
from clients.register.models import Client, RiskAssessment
from tests.clients.intake.lines import CLIENT
from tests.clients.intake.taking import Take

FOREIGN = {"id_type": "passport", "id_no": "E12345678"}
RISK = {"risk_level": "", "risk_lowest": "", "risk_assessed_on": "", "risk_valid_to": ""}


def _client() -> Client:
    return Client.objects.get(client_no="C0000123")


def _stored(column: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM register_client WHERE client_no = 'C0000123'")
        return str(cursor.fetchone()[0])


def test_a_client_is_kept_with_manager_pinyin_and_assessment(world: Take) -> None:
    taken = world("clients", [CLIENT])

    client = _client()
    assert taken.counts == (1, 0, 0)
    assert (client.name, client.name_pinyin, client.branch.code) == ("测试甲", "ce shi jia", "HF01")
    assert (client.manager.staff_no, client.manager_since) == ("E0101", date(2026, 11, 20))  # type: ignore[union-attr]
    assert (client.birth_date, client.id_valid_to) == (date(1990, 3, 7), date(2033, 5, 17))
    assessed = RiskAssessment.objects.values_list("level", "lowest", "assessed_on", "valid_to", "source").get()
    assert assessed == (4, False, date(2026, 3, 2), date(2027, 3, 1), "import")


def test_the_same_client_again_is_unchanged_though_every_ciphertext_differs(world: Take) -> None:
    world("clients", [CLIENT])
    before, moment = _stored("mobile"), _client().changed_at

    taken = world("clients", [CLIENT | {"mobile": "138 0000 0001", "id_no": "110101199003070011"}])

    assert taken.counts == (0, 1, 0)
    assert (_stored("mobile"), _client().changed_at) == (before, moment)
    assert Client.pgh_event_model.objects.filter(client_no="C0000123").count() == 1


def test_a_change_makes_one_history_row_and_keeps_the_other_ciphertexts(world: Take) -> None:
    world("clients", [CLIENT])
    id_no = _stored("id_no")

    taken = world("clients", [CLIENT | {"mobile": "13900000002", "name": "测试乙"}])

    client = _client()
    assert taken.counts == (1, 0, 0)
    assert (client.mobile, client.name_pinyin) == ("13900000002", "ce shi yi")
    assert _stored("id_no") == id_no
    assert Client.pgh_event_model.objects.filter(client_no="C0000123").count() == 2


def test_a_client_changed_while_the_file_was_read_is_told_and_left(
    world: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    world("clients", [CLIENT])

    def elsewhere(merge: Merge) -> None:
        client = _client()
        client.mobile = "13900000009"
        client.save()

    monkeypatch.setitem(registry._kinds, "clients", replace(KIND, fill=elsewhere))
    taken = world("clients", [CLIENT])

    assert taken.codes == [(2, "E_CONFLICT", "client_no")]
    assert _client().mobile == "13900000009"


def test_an_empty_cell_is_unknown_and_a_missing_column_is_no_change(world: Take) -> None:
    world("clients", [CLIENT])
    lean = {name: text for name, text in CLIENT.items() if name not in ("mobile", "sex")}

    taken = world("clients", [lean | {"email": "", "manager_no": ""}])

    client = _client()
    assert taken.counts == (1, 0, 0)
    assert (client.mobile, client.sex, client.email, client.email_index) == ("13800000001", "M", "", "")
    assert client.manager is None


def test_a_new_assessment_of_an_unchanged_client_is_a_change(world: Take) -> None:
    world("clients", [CLIENT])

    taken = world("clients", [CLIENT | {"risk_assessed_on": "2026-10-01", "risk_valid_to": "2027-09-30"}])
    without = world("clients", [CLIENT | RISK])

    assert (taken.counts, without.counts) == ((1, 0, 0), (0, 1, 0))
    assert RiskAssessment.objects.count() == 2


def test_an_unknown_manager_is_a_note_and_the_same_document_twice_too(world: Take) -> None:
    taken = world("clients", [CLIENT | {"manager_no": "E9"}, CLIENT | {"client_no": "C0000124"}])

    assert taken.counts == (2, 0, 0)
    assert taken.outcome.notes == {
        "no member of staff has the number E9: the client has no manager": 1,
        "C0000123 and C0000124 have the same identity document": 1,
    }
    assert _client().manager is None


def test_a_lead_needs_neither_document_nor_day(world: Take) -> None:
    lead = CLIENT | RISK | {"status": "lead", "id_type": "", "id_no": "", "opened_on": ""}

    assert world("clients", [lead]).counts == (1, 0, 0)


def test_a_number_that_only_looks_like_one_of_our_own_series_comes_in(world: Take) -> None:
    assert world("clients", [CLIENT | {"client_no": "WT123"}]).counts == (1, 0, 0)


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"id_no": "110101199003070012"}, "E_CHECKSUM", "id_no"),
        ({"id_no": "11010119900307001"}, "E_CHECKSUM", "id_no"),
        ({"id_no": "11010119900230001X"}, "E_CHECKSUM", "id_no"),
        ({"birth_date": "1990-03-08"}, "E_CHECKSUM", "birth_date"),
        ({"client_no": "WT10000001"}, "E_RANGE", "client_no"),
        ({"client_no": "wt10000001"}, "E_RANGE", "client_no"),
        ({"id_no": ""}, "E_REQUIRED", "id_no"),
        ({"opened_on": ""}, "E_REQUIRED", "opened_on"),
        ({"branch": "XX"}, "E_ENUM", "branch"),
        ({"risk_level": ""}, "E_REQUIRED", "risk_level"),
        ({"risk_lowest": "1"}, "E_RANGE", "risk_lowest"),
        ({"risk_valid_to": "2026-03-01"}, "E_ORDER", "risk_valid_to"),
        ({"id_valid_from": "2033-05-18"}, "E_ORDER", "id_valid_to"),
        ({"opened_on": "2026-11-21"}, "E_FUTURE", "opened_on"),
        ({"sex": "X"}, "E_ENUM", "sex"),
    ],
)
def test_each_wrong_client_is_rejected_for_its_own_reason(
    world: Take, change: dict[str, str], code: str, column: str
) -> None:
    taken = world("clients", [CLIENT | {"id_valid_from": ""} | change])

    assert (2, code, column) in taken.codes
    assert not Client.objects.filter(client_no="C0000123").exists()


@pytest.mark.parametrize(
    "change", [FOREIGN, {"id_no": "110101900307001"}, {"id_valid_to": "9999-12-31"}, {"id_no": "11010119900307002x"}]
)
def test_other_documents_are_good_too(world: Take, change: dict[str, str]) -> None:
    assert world("clients", [CLIENT | change]).rejects == []
