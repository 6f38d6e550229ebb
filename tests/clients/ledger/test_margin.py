"""Margin accounts and contracts: an account's day is taken whole or not at all."""

from datetime import date
from decimal import Decimal

import pytest

from clients.ledger.models import MarginAccountDay, MarginContractDay
from tests.clients.intake.taking import Take

MARGIN = {
    "row": "account", "day": "2026-11-20", "credit_account": "E000000001", "contract_no": "", "kind": "",
    "exchange": "", "code": "", "opened_on": "", "due_on": "", "principal": "", "outstanding": "", "interest": "",
    "rate": "", "status": "", "cash": "5000.00", "collateral_value": "320000.00", "debt": "200520.00",
    "ratio": "1.620786", "warn_line": "1.50", "call_line": "1.40", "close_line": "1.30",
}  # fmt: skip
CONTRACT = dict.fromkeys(MARGIN, "") | {
    "row": "contract", "day": "2026-11-20", "credit_account": "E000000001", "contract_no": "M1", "kind": "financing",
    "exchange": "SH", "code": "600519", "opened_on": "2026-09-01", "due_on": "2027-02-28", "principal": "200000.00",
    "outstanding": "200000.00", "interest": "520.00", "rate": "0.0585", "status": "open",
}  # fmt: skip


def test_a_margin_account_and_its_contract_are_taken_and_again_unchanged(world: Take) -> None:
    first, second = world("margin", [MARGIN, CONTRACT]), world("margin", [MARGIN, CONTRACT])

    day, contract = MarginAccountDay.objects.get(), MarginContractDay.objects.get()
    assert (first.counts, second.counts) == ((2, 0, 0), (0, 2, 0))
    assert (day.ratio, day.debt, day.warn_line) == (Decimal("1.620786"), Decimal("200520.00"), Decimal("1.5"))
    assert (contract.contract_no, contract.due_on, contract.extended) == ("M1", date(2027, 2, 28), None)


@pytest.mark.parametrize(
    ("account_row", "contract_row", "problem"),
    [
        ({"ratio": "1.63"}, {}, (2, "E_ARITH", "ratio")),
        ({"debt": "0", "ratio": "1"}, {"outstanding": "0", "interest": "0"}, (2, "E_ARITH", "ratio")),
        ({"debt": "200000.00", "ratio": "1.625"}, {}, (2, "E_ARITH", "debt")),
        ({"warn_line": "1.20"}, {}, (2, "E_ORDER", "warn_line")),
        ({"cash": ""}, {}, (2, "E_REQUIRED", "cash")),
        ({}, {"due_on": "2026-08-31"}, (3, "E_ORDER", "due_on")),
        ({}, {"contract_no": ""}, (3, "E_REQUIRED", "contract_no")),
        ({}, {"code": "699999"}, (3, "E_NO_SECURITY", "code")),
        ({}, {"day": "2026-11-19"}, (3, "E_REQUIRED", "row")),
        ({"credit_account": "E9"}, {}, (2, "E_NO_ACCOUNT", "credit_account")),
    ],
)
def test_a_margin_day_with_a_fault_stays_as_it_was(
    world: Take, account_row: dict[str, str], contract_row: dict[str, str], problem: tuple[int, str, str]
) -> None:
    taken = world("margin", [MARGIN | account_row, CONTRACT | contract_row])

    assert problem in taken.codes
    assert taken.outcome.accepted == 0
    assert not MarginAccountDay.objects.exists()
    assert not MarginContractDay.objects.exists()


def test_a_contract_that_is_gone_from_the_file_is_gone_from_the_day(world: Take) -> None:
    world("margin", [MARGIN, CONTRACT])

    taken = world("margin", [MARGIN | {"debt": "0.00", "ratio": ""}])

    assert taken.counts == (1, 0, 0)
    assert MarginAccountDay.objects.get().ratio is None
    assert not MarginContractDay.objects.exists()
