"""The path on which a client arrives or leaves, step by step."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.ledger.models import CashFlow
from clients.portrait import moving
from clients.portrait.moving import Step, Way
from clients.register.models import Account
from tests import factories as make
from tests.clients.portrait.screen import Event, happen
from tests.clients.portrait.world import DAY, run, trade

YESTERDAY = DAY - timedelta(days=1)


@pytest.mark.django_db
def test_the_way_out_is_told_by_day_with_what_moved() -> None:
    bob = make.client("Bob", opened_on=date(2020, 1, 2))
    account = make.fund_account(bob)
    Account.objects.filter(pk=account.pk).update(designated=True, depository="active", opened_on=date(2020, 1, 2))
    happen(Event(bob, "commission_page_viewed", back=1))
    _flow(account, "F1", "custody_out", YESTERDAY, 5000)
    run(YESTERDAY)
    Account.objects.filter(pk=account.pk).update(designated=False, depository="changing", status="closed")
    run(DAY)

    steps = moving.path_of(bob.pk, DAY)
    without = moving.path_of(bob.pk, DAY, screen=False)

    assert [(step.day, step.kind, step.way, step.amount) for step in steps] == [
        (YESTERDAY, "custody_out", Way.OUT, Decimal(5000)), (YESTERDAY, "looked_at_fees", Way.OUT, None),
        (DAY, "bank_changed", Way.OUT, None), (DAY, "closed", Way.OUT, None),
        (DAY, "designation_withdrawn", Way.OUT, None),
    ]  # fmt: skip
    assert "looked_at_fees" not in {step.kind for step in without}


@pytest.mark.django_db
def test_the_way_in_is_told_too() -> None:
    eve = make.client("Eve", opened_on=YESTERDAY)
    account = make.fund_account(eve)
    Account.objects.filter(pk=account.pk).update(opened_on=YESTERDAY)
    _flow(account, "F1", "bank_in", YESTERDAY, 9000)
    _flow(account, "F2", "custody_in", DAY, 7000)
    trade(eve, DAY, "T1")
    run(YESTERDAY)
    run(DAY)

    steps = moving.path_of(eve.pk, DAY)

    assert steps == [
        Step(YESTERDAY, "bank_in", Way.IN, Decimal(9000)), Step(YESTERDAY, "opened", Way.IN, None),
        Step(DAY, "custody_in", Way.IN, Decimal(7000)), Step(DAY, "first_trade", Way.IN, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("here", "elsewhere", "share"),
    [(Decimal(25), Decimal(75), Decimal("0.25")), (Decimal(1), None, None), (None, Decimal(1), None),
     (Decimal(0), Decimal(0), None), (Decimal(9), Decimal(0), Decimal(1))],
)  # fmt: skip
def test_the_share_of_wallet_is_known_only_when_he_told_the_rest(here: Any, elsewhere: Any, share: Any) -> None:
    assert moving.share_of_wallet(here, elsewhere) == share


@given(st.floats(min_value=0, max_value=0.999))
def test_weeks_of_equal_hazard_add_up_to_the_risk(risk: float) -> None:
    stays = (1 - moving.weekly(risk)) ** (moving.HORIZON / 7)

    assert stays == pytest.approx(1 - risk, abs=1e-9)


def _flow(account: Account, number: str, kind: str, day: date, amount: int) -> None:
    CashFlow.objects.create(
        client=account.client, account=account, flow_no=number, day=day, kind=kind, amount=amount, currency="CNY"
    )
