"""The group service: contacts, the bank, what was moved away, as the definitions say."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from clients.ledger.models import CashFlow
from clients.register.models import Account, Client
from tests import factories as make
from tests.clients.portrait.one_night import Rows, rows_of_a_night
from tests.clients.portrait.people import ago, noon, touch

pytestmark = pytest.mark.django_db  # tells that a database is needed; the one world is built for the module
EXPECTED: dict[str, dict[str, Any]] = {
    "nobody": {
        "days_since_last_contact": None, "depository_change_applied_1d": False,
        "depository_change_applied_1d__key": None, "custody_transfer_out_value_7d": Decimal(0),
        "custody_transfer_out_value_7d__key": None, "adviser_contract_active": None,
    },
    "spoken to": {"days_since_last_contact": 5},
    "not reached": {"days_since_last_contact": None},
    "by machine": {"days_since_last_contact": None},
    "leaving": {"custody_transfer_out_value_7d": Decimal(3000)},
    "left": {"custody_transfer_out_value_7d": Decimal(0), "custody_transfer_out_value_7d__key": None},
    "stayed": {"custody_transfer_out_value_7d": Decimal(0)},
    "changes bank": {"depository_change_applied_1d": True},
    "unbinds": {"depository_change_applied_1d": True},
    "changed yesterday": {"depository_change_applied_1d": False},
    "came so": {"depository_change_applied_1d": False},
}  # fmt: skip
KEYS: dict[tuple[str, str], str] = {}


def build() -> Mapping[str, Client]:
    """Everybody of EXPECTED."""
    who = {name: make.client(name) for name in EXPECTED}
    alice = make.staff("Alice")
    for number, (name, day, by, reached) in enumerate(
        [
            ("spoken to", 30, alice, True), ("spoken to", 5, alice, True), ("spoken to", 1, alice, False),
            ("spoken to", -1, alice, True), ("not reached", 1, alice, False), ("by machine", 1, None, True),
        ]
    ):  # fmt: skip
        touch(who[name], day, str(number), by=by, reached=reached)
    _transfers(who)
    _banks(who)
    return who


def _out(of: Client, amount: int, day: int, **fields: Any) -> CashFlow:
    return make.cash(of, 0, day=ago(day), kind=CashFlow.Kind.CUSTODY_OUT, amount=Decimal(amount), **fields)


def _transfers(who: dict[str, Client]) -> None:
    _out(who["leaving"], -1000, 6)
    KEYS["leaving", "custody_transfer_out_value_7d"] = str(_out(who["leaving"], -2000, 1).pk)
    make.cash(who["leaving"], 0, kind=CashFlow.Kind.BANK_OUT, amount=Decimal(-5000))
    _out(who["left"], -1000, 7)
    _out(who["stayed"], -1000, 3, flow_no="wrong")
    _out(who["stayed"], 1000, 2, reversal_of="wrong")


def _banks(who: dict[str, Client]) -> None:
    active, none, changing = Account.Depository.ACTIVE, Account.Depository.NONE, Account.Depository.CHANGING
    for name, before, after, day in [
        ("changes bank", active, changing, 0), ("unbinds", active, none, 0), ("changed yesterday", active, changing, 1),
        ("came so", changing, changing, 0),
    ]:  # fmt: skip
        account = make.account(who[name], depository=before)
        Account.objects.filter(pk=account.pk).update(depository=after, changed_at=noon(day))
        KEYS[name, "depository_change_applied_1d"] = f"{account.pk}:2026-11-20"
    for name in ("changed yesterday", "came so"):
        del KEYS[name, "depository_change_applied_1d"]


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Everybody's row after one night."""
    return rows_of_a_night(build, "service", tmp_path_factory.mktemp("service"), django_db_blocker)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_features_are_as_their_definitions_say(rows: Rows, name: str) -> None:
    row = rows[name]

    assert {feature: row[feature] for feature in EXPECTED[name]} == EXPECTED[name]


def test_the_object_that_gave_the_value_is_the_key(rows: Rows) -> None:
    assert len(KEYS) == 3
    assert {place: rows[place[0]][f"{place[1]}__key"] for place in KEYS} == KEYS
