"""Cash flows: each rule with a line that breaks it."""

from clients.ledger.models import CashFlow
from tests.clients.intake.lines import FLOW
from tests.clients.intake.taking import Take

WRONG_FLOWS = [
    ({"kind": "bank_in", "amount": "-1.00"}, "E_RANGE", "amount"),
    ({"kind": "bank_out", "amount": "1.00"}, "E_RANGE", "amount"),
    ({"amount": "0.00"}, "E_RANGE", "amount"),
    ({"bank": ""}, "E_REQUIRED", "bank"),
    ({"kind": "adjust", "memo": ""}, "E_REQUIRED", "memo"),
    ({"kind": "dividend", "code": "600519"}, "E_REQUIRED", "code"),
    ({"kind": "dividend", "exchange": "SH", "code": "699999"}, "E_NO_SECURITY", "code"),
    ({"fund_account": "999"}, "E_NO_ACCOUNT", "fund_account"),
    ({"kind": "gift"}, "E_ENUM", "kind"),
    ({"day": "2026-11-23", "time": ""}, "E_FUTURE", "day"),
]


def test_each_wrong_flow_is_rejected_for_its_own_reason(world: Take) -> None:
    rows = [FLOW | {"flow_no": str(i)} | change for i, (change, _code, _column) in enumerate(WRONG_FLOWS)]

    taken = world("cashflows", rows)

    found = {line: (code, column) for line, code, column in taken.codes}
    assert found == {i: (code, column) for i, (_change, code, column) in enumerate(WRONG_FLOWS, 2)}
    assert not CashFlow.objects.exists()


def test_interest_is_booked_on_a_holiday_and_a_reversal_has_the_other_sign(world: Take) -> None:
    holiday = FLOW | {"day": "2026-06-21", "time": "", "kind": "interest", "amount": "1.23", "bank": ""}
    reversal = FLOW | {"flow_no": "F2", "amount": "-50000.00", "reversal_of": "F1"}

    assert world("cashflows", [holiday, FLOW, reversal]).counts == (3, 0, 0)


def test_the_balance_follows_from_line_to_line_without_custody(world: Take) -> None:
    def flow(number: int, amount: str, balance: str, kind: str = "bank_in") -> dict[str, str]:
        return FLOW | {"flow_no": str(number), "amount": amount, "balance_after": balance, "kind": kind}

    taken = world(
        "cashflows",
        [
            flow(1, "100.00", "600.00"),
            flow(2, "900.00", "", "custody_in"),
            flow(3, "100.00", "700.00"),
            flow(4, "100.00", "900.00"),
            flow(5, "100.00", "1000.00"),
            flow(6, "5.00", "1.00") | {"fund_account": "100000002"},
        ],
    )

    assert taken.codes == [(5, "E_ARITH", "balance_after")]
    assert taken.rejects[0]["message"] == "after the line before it and this amount the balance is 800.00"
    assert taken.counts == (5, 0, 1)
