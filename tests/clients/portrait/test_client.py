"""The group client: particulars, standing, risk assessment and consents, as the definitions say."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from clients.org.models import User
from clients.register.models import Client
from tests import factories as make
from tests.clients.portrait.one_night import Rows, rows_of_a_night
from tests.clients.portrait.people import ago, assessed, consent, noon, touch

pytestmark = pytest.mark.django_db  # tells that a database is needed; the one world is built for the module
WHOLE = {"id_type": "id_card", "id_no": "110101199003070011", "address": "x", "sex": "M", "nationality": "CHN"}
EXPECTED: dict[str, dict[str, Any]] = {
    "nobody": {
        "days_since_registration": None, "lead_status": "new", "age": None, "days_to_birthday": None,
        "client_tier": None, "client_tier_changed_1d": "none", "tax_residency_declared": None,
        "privacy_consent_current": None, "client_risk_level": None, "is_lowest_risk_class": None,
        "client_risk_level_drop": None, "risk_assessment_status": "none", "risk_assessment_days_to_expiry": None,
        "id_doc_days_to_expiry": None, "mobile_shared_client_cnt": 0, "identity_missing_field_cnt": 0,
        "risk_assessment_cnt_30d": 0, "manager_changed_30d": False, "marketing_consent_withdrawn_1d": False,
        "lead_source": None,
    },
    "new": {"lead_status": "new", "days_since_lead_created": 0, "days_since_registration": 0},
    "called": {"lead_status": "contacted", "days_since_lead_created": 3, "days_since_registration": 3},
    "opened": {"lead_status": "converted", "days_since_lead_created": 40, "days_since_registration": 40},
    "lost": {"lead_status": "lost", "days_since_lead_created": 400},
    "tomorrow": {
        "lead_status": "none", "lead_status__key": None, "days_since_lead_created": None,
        "days_since_registration": None, "manager_changed_30d": False,
    },
    "birthday": {
        "days_to_birthday": 0, "age": 36, "id_doc_days_to_expiry": 0, "id_doc_days_to_expiry__key": "2026-11-20",
    },
    "eve": {"days_to_birthday": 1, "age": 35, "id_doc_days_to_expiry": -10},
    "day after": {
        "days_to_birthday": 364, "age": 36, "id_doc_days_to_expiry": None, "id_doc_days_to_expiry__key": None,
    },
    "leap": {"days_to_birthday": 100, "age": 22, "id_doc_days_to_expiry": 42},  # 28 February 2027
    "company": {"age": None, "identity_missing_field_cnt": 1, "mobile_shared_client_cnt": 0},
    "complete": {
        "identity_missing_field_cnt": 0, "identity_missing_field_cnt__key": None, "mobile_shared_client_cnt": 2,
        "tax_residency_declared": True, "tax_residency_declared__key": "tax_residency",
    },
    "sparse": {
        "identity_missing_field_cnt": 6, "identity_missing_field_cnt__key": "identity:6",
        "mobile_shared_client_cnt": 2, "tax_residency_declared": False,
    },
    "no account": {"identity_missing_field_cnt": 1, "mobile_shared_client_cnt": 2, "tax_residency_declared": None},
    "visitor": {"identity_missing_field_cnt": 0, "mobile_shared_client_cnt": 0},
    # A first manager is no change of one.
    "given": {"manager_changed_30d": False},
    "changed": {"manager_changed_30d": True},
    "changed long ago": {"manager_changed_30d": False},
    "valid": {
        "client_risk_level": 1, "is_lowest_risk_class": True, "client_risk_level_drop": None,
        "client_risk_level_drop__key": None, "risk_assessment_status": "valid", "risk_assessment_days_to_expiry": 0,
        "risk_assessment_cnt_30d": 0, "risk_assessment_cnt_30d__key": None,
    },
    "fell": {
        "client_risk_level": 2, "is_lowest_risk_class": False, "client_risk_level_drop": 2,
        "risk_assessment_days_to_expiry": 300, "risk_assessment_cnt_30d": 1,
    },
    "expired": {
        "client_risk_level": None, "is_lowest_risk_class": None, "client_risk_level_drop": None,
        "risk_assessment_status": "expired", "risk_assessment_days_to_expiry": -40,
    },
    "rose": {"client_risk_level": 5, "client_risk_level_drop": 0, "risk_assessment_cnt_30d": 2},
    "once": {"client_risk_level": 3, "client_risk_level_drop": None, "risk_assessment_cnt_30d": 1},
    "agreed": {
        "privacy_consent_current": True, "privacy_consent_current__key": "privacy:v1",
        "marketing_consent_withdrawn_1d": False,
    },
    "agreed before": {"privacy_consent_current": False},
    "withdrew": {"privacy_consent_current": False, "marketing_consent_withdrawn_1d": True},
    "withdrew yesterday": {"marketing_consent_withdrawn_1d": False, "marketing_consent_withdrawn_1d__key": None},
    # What was never given is refused, not withdrawn.
    "refused": {"marketing_consent_withdrawn_1d": False},
    "rising": {"client_tier": "gold", "client_tier_changed_1d": "up"},
    "falling": {"client_tier": "basic", "client_tier_changed_1d": "down"},
    "steady": {"client_tier": "diamond", "client_tier_changed_1d": "none"},
}  # fmt: skip
KEYS: dict[tuple[str, str], str] = {}


def build() -> Mapping[str, Client]:
    """Everybody of EXPECTED."""
    who: dict[str, Client] = {}
    for step in (_leads, _particulars, _managers, _assessments, _consents, _assets):
        step(who)
    rest = EXPECTED.keys() - who.keys()
    assert not rest, rest
    return who


def _leads(who: dict[str, Client]) -> None:
    alice = make.staff("Alice")
    lead = {"status": Client.Status.LEAD, "opened_on": None}
    who["nobody"] = make.client("nobody", login=False, **lead)
    Client.objects.filter(pk=who["nobody"].pk).update(created_at=noon(0))
    for name, days in [("new", 0), ("called", 3), ("opened", 40), ("lost", 400), ("tomorrow", -1)]:
        who[name] = make.client(name, **lead)
        Client.objects.filter(pk=who[name].pk).update(created_at=noon(days))
        User.objects.filter(pk=who[name].user_id).update(created_at=noon(days))
    touch(who["called"], 1, "1", by=alice, reached=False)
    touch(who["new"], 0, "2", by=None, reached=True)  # no person
    Client.objects.filter(pk=who["opened"].pk).update(status="active", opened_on=ago(20))
    Client.objects.filter(pk=who["lost"].pk).update(status="closed")
    KEYS["called", "lead_status"] = str(who["called"].pk)


def _particulars(who: dict[str, Client]) -> None:
    lives = [
        ("birthday", date(1990, 11, 20), ago(0)), ("eve", date(1990, 11, 21), ago(10)),
        ("day after", date(1990, 11, 19), date(9999, 12, 31)), ("leap", date(2004, 2, 29), date(2027, 1, 1)),
    ]  # fmt: skip
    for name, born, until in lives:
        who[name] = make.client(name, birth_date=born, id_valid_to=until)
    company = {"kind": Client.Kind.ORGANISATION, "id_type": "business_licence", "id_no": "9134"}
    who["company"] = make.client("company", birth_date=date(1990, 1, 1), **company)
    mobile = {"mobile": "13800000001"}
    who["complete"] = make.client("complete", occupation="x", tax_residency="china", **mobile, **WHOLE)
    who["sparse"], who["no account"] = make.client("sparse", **mobile), make.client("no account", **mobile, **WHOLE)
    who["visitor"] = make.client("visitor", status="lead", opened_on=None, **mobile)
    make.account(who["complete"])
    make.account(who["sparse"])


def _managers(who: dict[str, Client]) -> None:
    alice, bob = make.staff("Alice"), make.staff("Bob")
    who |= {name: make.client(name) for name in ("given", "changed", "changed long ago")}
    for name, before, days in [
        ("given", None, 0), ("changed", alice, 29), ("changed long ago", alice, 30), ("tomorrow", alice, -1),
    ]:  # fmt: skip
        Client.objects.filter(pk=who[name].pk).update(manager=before)
        Client.objects.filter(pk=who[name].pk).update(manager=bob, manager_since=ago(days))


def _assessments(who: dict[str, Client]) -> None:
    who |= {name: make.client(name) for name in ("valid", "fell", "expired", "rose", "once")}
    first = assessed(who["valid"], 1, 100, 0, lowest=True)
    assessed(who["fell"], 4, 200, 1)
    second = assessed(who["fell"], 2, 29, 300)
    assessed(who["expired"], 3, 400, -40)
    for level, days in [(1, 30), (2, 29), (5, 0)]:
        assessed(who["rose"], level, days, 300)
    assessed(who["once"], 3, 0, 365)
    assessed(who["once"], 2, -1, 366)  # tomorrow
    KEYS["valid", "risk_assessment_status"] = str(first.pk)
    for feature in ("client_risk_level_drop", "risk_assessment_status", "risk_assessment_cnt_30d"):
        KEYS["fell", feature] = str(second.pk)


def _consents(who: dict[str, Client]) -> None:
    names = ("agreed", "agreed before", "withdrew", "withdrew yesterday", "refused")
    who |= {name: make.client(name) for name in names}
    User.objects.filter(client__in=[who[name] for name in names]).update(created_at=noon(100))
    consent(who["agreed"], "privacy", True, 3)
    consent(who["agreed before"], "privacy", True, 3, "v0")
    for name in ("agreed", "withdrew", "withdrew yesterday"):
        for purpose in ("marketing", "personalisation"):
            consent(who[name], purpose, True, 50)
    KEYS["withdrew", "marketing_consent_withdrawn_1d"] = str(consent(who["withdrew"], "personalisation", False, 0).pk)
    consent(who["withdrew yesterday"], "marketing", False, 1)
    consent(who["refused"], "marketing", False, 0)
    consent(who["agreed"], "marketing", False, -1)  # tomorrow


def _assets(who: dict[str, Client]) -> None:
    worth = {"rising": (290_000, 320_000), "falling": (50_000, 49_999), "steady": (7_000_000, 6_000_000)}
    for name, values in worth.items():
        who[name] = make.client(name)
        for day, value in zip((1, 0), values, strict=True):
            make.position(who[name], day=ago(day), quantity=Decimal(1), last_price=Decimal(value))


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Everybody's row after one night."""
    return rows_of_a_night(build, "client", tmp_path_factory.mktemp("client"), django_db_blocker)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_features_are_as_their_definitions_say(rows: Rows, name: str) -> None:
    row = rows[name]

    assert {feature: row[feature] for feature in EXPECTED[name]} == EXPECTED[name]


def test_the_object_that_gave_the_value_is_the_key(rows: Rows) -> None:
    assert len(KEYS) == 6
    assert {place: rows[place[0]][f"{place[1]}__key"] for place in KEYS} == KEYS
