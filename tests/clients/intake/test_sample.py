"""The sample branch, from its files to the record: all of it goes in, a second time nothing changes."""

from pathlib import Path

import pytest

from clients.ledger.models import CashFlow, MarginContractDay, Position, Trade
from clients.market.calendar import calendar
from clients.market.models import DailyBar, SecurityEvent, SecurityName
from clients.org.models import Branch, Staff, User
from clients.register.models import Account, Client, Consent, RiskAssessment
from portal.demo.sample import write_sample
from tests.clients.intake.taking import Take
from tests.portal.demo.reading import DATA_DATE

STAFF = {"E0101": "HF01", "E0102": "HF01", "E0201": "NJ01"}


@pytest.fixture
def files(take: Take, tmp_path: Path) -> list[tuple[str, Path]]:
    for number, code in STAFF.items():
        branch, _made = Branch.objects.get_or_create(code=code, defaults={"name": code})
        user = User.objects.create(login=number, kind=User.Kind.STAFF, password="!")
        Staff.objects.create(user=user, staff_no=number, name=number, branch=branch)
    return write_sample(tmp_path / "sample", trading_days=calendar().window(DATA_DATE, 60))


def test_the_whole_branch_goes_in_and_a_second_time_nothing_changes(take: Take, files: list[tuple[str, Path]]) -> None:
    first = {kind: take(kind, file).outcome for kind, file in files}
    second = {kind: take(kind, file).outcome for kind, file in files}

    assert {kind: o.rejected for kind, o in first.items() if o.rejected} == {}
    assert {kind: o.lines for kind, o in first.items()} == {kind: o.accepted for kind, o in first.items()}
    assert {kind: (o.accepted, o.unchanged) for kind, o in second.items()} == {
        kind: (0, o.lines) for kind, o in first.items()
    }
    models = {
        "clients": Client, "accounts": Account, "consents": Consent, "bars": DailyBar, "trades": Trade,
        "cashflows": CashFlow, "positions": Position, "security_events": SecurityEvent,
    }  # fmt: skip
    assert {kind: model.objects.count() for kind, model in models.items()} == {
        kind: first[kind].lines for kind in models
    }
    assert RiskAssessment.objects.count() == 29
    assert MarginContractDay.objects.count() == 20
    assert SecurityName.objects.filter(security__code="600494").count() == 2
    assert Client.objects.exclude(client_no="C0000009").filter(manager=None).count() == 0
    assert first["clients"].notes == {}
    assert first["positions"].notes == {}
