"""Margin accounts and their contracts at the close: an account's day is taken whole or not at all."""

from clients.intake.checks import Check, Query
from clients.intake.merging import Days
from clients.intake.registry import Kind, Merge
from clients.intake.shapes import shape
from clients.ledger.models import MarginAccountDay, MarginContractDay
from clients.market.kinds import joins as market

COLUMNS = shape(
    """
    **row**:e*(account, contract) **day**:d* **credit_account**:s30* **contract_no**:s40 kind:e(financing, short)
    exchange:e(SH, SZ, BJ, HK, OTC) code:s12 opened_on:d due_on:d principal:m(0..) quantity:q(0..) outstanding:m(0..)
    interest:m(0..) rate:r(0..) extended:i(0..) status:e(open, due, overdue, closed, liquidated) cash:m
    collateral_value:m(0..) debt:m(0..) ratio:r12 credit_line:m(0..) warn_line:r call_line:r close_line:r call_day:d
    """
)
ACCOUNT = "LEFT JOIN register_account a ON a.account_no = s.credit_account AND a.kind = 'credit_fund'"
LINKED = f"{ACCOUNT} {market.SECURITY}"
ACCOUNTS = Days(
    MarginAccountDay,
    key={"day": "s.day", "account": "a.id"},
    same="cash collateral_value debt ratio credit_line warn_line call_line close_line call_day",
    carried={"client": "a.client_id"},
)
CONTRACTS = Days(
    MarginContractDay,
    key={"day": "s.day", "account": "a.id", "contract_no": "s.contract_no"},
    same="kind opened_on due_on principal quantity outstanding interest rate extended status",
    other={"security": "k.id"},
    carried={"client": "a.client_id"},
)
NEEDED = {
    "account": ("cash", "collateral_value", "debt"),
    "contract": ("contract_no", "kind", "opened_on", "due_on", "outstanding", "interest", "status"),
}
CHECKS = (
    *market.code_checks(),
    market.FUTURE_DAY,
    *(
        Check("E_REQUIRED", name, f'"row" = \'{row}\' AND "{name}" IS NULL', f"a row of kind {row} needs {name}")
        for row, names in NEEDED.items()
        for name in names
    ),
    Check("E_ORDER", "warn_line", "warn_line < call_line OR call_line < close_line", "warn ≥ call ≥ close must hold"),
    Check("E_ORDER", "due_on", "due_on < opened_on", "{} lies before the contract was opened", "due_on"),
    Check("E_ORDER", "opened_on", "opened_on > day", "{} lies after the day of the file", "opened_on"),
    Check("E_ARITH", "ratio", "debt = 0 AND ratio IS NOT NULL", "without debt there is no ratio: leave it empty"),
    Check(
        "E_ARITH",
        "ratio",
        "debt > 0 AND (ratio IS NULL OR abs(ratio - (cash + collateral_value)::DOUBLE / debt::DOUBLE) > 0.0001)",
        "(cash + collateral value) / debt is {}",
        "round((cash + collateral_value)::DOUBLE / NULLIF(debt, 0)::DOUBLE, 6)",
    ),
    Check("E_REQUIRED", "code", "(exchange IS NULL) <> (code IS NULL)", "a security is given by exchange and code"),
)
RECORD_CHECKS = (
    Check("E_NO_ACCOUNT", "credit_account", "a.id IS NULL", "no credit account {} is known", "s.credit_account"),
    Check("E_NO_SECURITY", "code", "s.code IS NOT NULL AND k.id IS NULL", market.NO_SECURITY.message, "s.code"),
    market.NOT_MAINLAND_DAY,
)
SUMS = """
    SELECT a.line, coalesce(sum(c.outstanding + c.interest), 0)
    FROM intake_stage a LEFT JOIN intake_stage c
        ON c.row = 'contract' AND c.day = a.day AND c.credit_account = a.credit_account
    WHERE a.row = 'account' GROUP BY a.line, a.debt
    HAVING abs(coalesce(sum(c.outstanding + c.interest), 0) - a.debt) > 0.01
"""
ALONE = """
    SELECT c.line, NULL FROM intake_stage c WHERE c.row = 'contract' AND NOT EXISTS (
        SELECT FROM intake_stage a WHERE a.row = 'account' AND a.day = c.day AND a.credit_account = c.credit_account)
"""


def write(merge: Merge) -> int:
    """Replace the days of the credit accounts in the file."""
    groups = f"(SELECT s.day, a.id AS account_id FROM intake_good s {ACCOUNT}) f"
    accounts = ACCOUNTS.write(merge, LINKED, groups, "s.row = 'account'")
    return accounts + CONTRACTS.write(merge, LINKED, groups, "s.row = 'contract'")


KIND = Kind(
    name="margin",
    title="margin accounts and contracts at the close of a day",
    columns=COLUMNS,
    checks=CHECKS,
    joins=f"{LINKED} {market.MAINLAND_DAY}",
    record_checks=RECORD_CHECKS,
    queries=(
        Query("E_ARITH", "debt", SUMS, "the contracts of the file add up to {}"),
        Query("E_REQUIRED", "row", ALONE, "the file has no account row for this account and day"),
    ),
    group=("day", "credit_account"),
    write=write,
    money="debt",
    clients="SELECT count(DISTINCT a.client_id) FROM (SELECT DISTINCT credit_account FROM intake_stage) s " + ACCOUNT,
)
