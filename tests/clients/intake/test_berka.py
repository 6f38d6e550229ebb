"""A bank's files of a foreign schema, turned into our shapes, go through; their cut-off last line is reported."""

from pathlib import Path

import pytest

from clients.ledger.models import CashFlow
from clients.org.models import Branch
from tests.clients.intake import berka
from tests.clients.intake.taking import Take

BANK = Path(__file__).resolve().parents[4] / "shared" / "data" / "bank"
pytestmark = pytest.mark.skipif(not BANK.is_dir(), reason="the shared test data is not beside the repository")


def test_the_bank_goes_through_and_its_cut_off_last_line_is_reported(take: Take, tmp_path: Path) -> None:
    Branch.objects.create(code=berka.BRANCH, name="Praha")
    flows = tmp_path / "flows.csv"
    count = berka.cashflows(BANK, flows)

    clients = take("clients", list(berka.clients(BANK)))
    accounts = take("accounts", list(berka.accounts(BANK)))
    moved = take("cashflows", flows)

    assert (clients.counts, accounts.counts) == ((4500, 0, 0), (4500, 0, 0))
    assert count == 49_103
    assert moved.codes == [(49_104, "E_COLUMN", "")]
    assert moved.rejects[0]["original"] == "3526882,11021,940331,PRIJE"
    assert CashFlow.objects.count() == moved.outcome.accepted == 49_102
