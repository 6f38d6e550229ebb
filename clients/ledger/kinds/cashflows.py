"""Cash movements: signed amounts, with a chain of balances within an account's day."""

from clients.intake.checks import Check, Query
from clients.intake.merging import Facts
from clients.intake.registry import Kind, Merge
from clients.intake.shapes import shape
from clients.ledger.models import CashFlow
from clients.market.kinds import joins as market
from clients.register.kinds import joins as register

COLUMNS = shape(
    """
    **day**:d* **fund_account**:s30* **flow_no**:s40* time:t
    kind:e*(bank_in, bank_out, buy, sell, allot_pay, dividend, dividend_tax, interest, fee, margin_interest,
            custody_in, custody_out, product_in, product_out, adjust)
    amount:m* balance_after:m currency:s3* bank:s20 exchange:e(SH, SZ, BJ, HK, OTC) code:s12 memo:s200 reversal_of:s40
    """
)
PAID_IN = "('bank_in', 'sell', 'dividend', 'interest', 'custody_in', 'product_in')"
PAID_OUT = "('bank_out', 'buy', 'allot_pay', 'dividend_tax', 'fee', 'margin_interest', 'custody_out', 'product_out')"
CHECKS = (
    *market.code_checks(),
    market.CURRENCY,
    market.FUTURE_DAY,
    Check("E_FUTURE", "time", "time > :now", "{} lies in the future", "time"),
    Check("E_RANGE", "amount", "amount = 0", "a movement of nothing is none"),
    Check(
        "E_RANGE",
        "amount",
        f"reversal_of IS NULL AND ((kind IN {PAID_IN} AND amount < 0) OR (kind IN {PAID_OUT} AND amount > 0))",
        "the sign does not fit the kind: {}",
        "kind || CASE WHEN amount < 0 THEN ' is positive' ELSE ' is negative' END",
    ),
    Check("E_REQUIRED", "bank", "kind IN ('bank_in', 'bank_out') AND bank IS NULL", "a bank transfer names the bank"),
    Check("E_REQUIRED", "memo", "kind = 'adjust' AND memo IS NULL", "an adjustment needs a memo that says why"),
    Check("E_REQUIRED", "code", "(exchange IS NULL) <> (code IS NULL)", "a security is given by exchange and code"),
)
FACTS = Facts(
    CashFlow,
    key={"day": "s.day", "account": "a.id", "flow_no": "s.flow_no"},
    same="time kind amount balance_after currency bank memo reversal_of",
    other={"security": "k.id"},
    carried={"client": "a.client_id"},
    needs={"security": "code"},
)
RECORDED = FACTS.join("t.day BETWEEN :low AND :high")
RECORD_CHECKS = (
    register.NO_ACCOUNT,
    register.CLOSED,
    Check("E_NO_SECURITY", "code", "s.code IS NOT NULL AND k.id IS NULL", market.NO_SECURITY.message, "s.code"),
    # Interest is booked on holidays too, so any day that the calendar knows for certain will do.
    Check(
        "E_NOT_TRADING_DAY",
        "day",
        market.UNCERTAIN,
        "the calendar does not know {} for certain: import the exchange's notice of that year",
        "s.day",
    ),
    FACTS.conflict(),
)
CHAIN = Query(
    "E_ARITH",
    "balance_after",
    """
    SELECT line, before + amount FROM (
        SELECT s.line, s.amount, s.balance_after, lag(s.balance_after) OVER (
            PARTITION BY s.fund_account, s.day ORDER BY s.line) AS before
        FROM intake_stage s WHERE s.kind NOT IN ('custody_in', 'custody_out')) x
    WHERE before + amount <> balance_after
    """,
    "after the line before it and this amount the balance is {}",
)


def write(merge: Merge) -> int:
    """Insert the movements that are new."""
    return FACTS.write(merge, f"{register.FUND_ACCOUNT} {market.SECURITY} {RECORDED}")


KIND = Kind(
    name="cashflows",
    title="cash movements",
    columns=COLUMNS,
    checks=CHECKS,
    joins=f"{register.FUND_ACCOUNT} {market.SECURITY} {market.MAINLAND_DAY} {RECORDED}",
    record_checks=RECORD_CHECKS,
    queries=(CHAIN,),
    write=write,
    money="amount",
    clients="SELECT count(DISTINCT a.client_id) FROM (SELECT DISTINCT fund_account FROM intake_stage) s "
    + register.FUND_ACCOUNT,
)
