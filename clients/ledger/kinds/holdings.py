"""Shares of products at the close: an account's day is replaced whole, or stays as it was when a line is rejected."""

from clients.intake.checks import Check
from clients.intake.merging import Days
from clients.intake.registry import Kind, Merge
from clients.intake.shapes import shape
from clients.ledger.models import ProductHolding
from clients.market.kinds import joins as market
from clients.register.kinds import joins as register

COLUMNS = shape(
    """
    **day**:d* **fund_account**:s30* **ta_code**:s10* **product_code**:s20* shares:q*(0..) cost:m(0..)
    market_value:m*(0..)
    """
)
ROWS = Days(
    ProductHolding,
    key={"day": "s.day", "account": "a.id", "product": "k.id"},
    same="shares cost market_value",
    carried={"client": "a.client_id"},
)
PRODUCT = "LEFT JOIN market_product k ON k.ta_code = s.ta_code AND k.product_code = s.product_code"
LINKED = f"{register.FUND_ACCOUNT} {PRODUCT}"
RECORD_CHECKS = (
    register.NO_ACCOUNT,
    register.CLOSED,
    Check(
        "E_NO_PRODUCT",
        "product_code",
        "k.id IS NULL",
        "no product {} is known: import the products first",
        "s.product_code || ' of ' || s.ta_code",
    ),
    market.NOT_MAINLAND_DAY,
)


def write(merge: Merge) -> int:
    """Replace the days of the accounts in the file."""
    groups = f"(SELECT s.day, a.id AS account_id FROM intake_good s {register.FUND_ACCOUNT}) f"
    return ROWS.write(merge, LINKED, groups)


KIND = Kind(
    name="product_holdings",
    title="shares of products at the close of a day",
    columns=COLUMNS,
    checks=(market.FUTURE_DAY,),
    joins=f"{LINKED} {market.MAINLAND_DAY}",
    record_checks=RECORD_CHECKS,
    group=("day", "fund_account"),
    write=write,
    money="market_value",
    clients="SELECT count(DISTINCT a.client_id) FROM (SELECT DISTINCT fund_account FROM intake_stage) s "
    + register.FUND_ACCOUNT,
)
