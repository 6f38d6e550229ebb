"""Positions at the close: an account's day is replaced whole, or stays as it was when one of its lines is rejected."""

from clients.intake.checks import Check
from clients.intake.merging import Days
from clients.intake.registry import Kind, Merge
from clients.intake.shapes import shape
from clients.ledger.models import Position
from clients.market.kinds import joins as market
from clients.register.kinds import joins as register

COLUMNS = shape(
    f"""
    **day**:d* **fund_account**:s30* **account_no**:s30* **exchange**:{market.EXCHANGES} **code**:s12* quantity:q*(0..)
    available:q*(0..) frozen:q(0..) unsettled:q cost_price:p last_price:p*(0..) market_value:m*(0..) collateral:b
    """
)
ROWS = Days(
    Position,
    key={"day": "s.day", "account": "a.id", "holder_account": "h.id", "security": "k.id"},
    same="quantity available frozen unsettled cost_price last_price market_value collateral",
    carried={"client": "a.client_id"},
)
# Hong Kong shares of Stock Connect lie in the account of a mainland exchange.
HOLDER = (
    "LEFT JOIN register_account h ON h.account_no = s.account_no "
    "AND h.kind IN ('securities', 'credit_securities', 'option', 'ta') "
    "AND (h.market = s.exchange OR (s.exchange = 'HK' AND h.market IN ('SH', 'SZ')))"
)
LINKED = f"{register.FUND_ACCOUNT} {HOLDER} {market.SECURITY}"
RECORD_CHECKS = (
    register.NO_ACCOUNT,
    register.CLOSED,
    Check(
        "E_NO_ACCOUNT",
        "account_no",
        "h.id IS NULL OR h.client_id <> a.client_id",
        "the client of the fund account has no securities account {} on this exchange",
        "s.account_no",
    ),
    market.NO_SECURITY,
    market.NOT_TRADING_DAY,
    Check(
        "E_CLOSED",
        "code",
        "k.list_date > s.day OR k.delist_date < s.day",
        "the security was not listed on that day ({})",
        "coalesce(k.list_date::text, '') || ' to ' || coalesce(k.delist_date::text, '')",
    ),
    Check(
        "E_ARITH",
        "market_value",
        "abs(s.market_value - s.quantity * s.last_price * k.unit) > 0.01",
        "quantity and last price make {}",
        "round(s.quantity * s.last_price * k.unit, 2)",
    ),
)
# Yesterday's positions and the day's trades against the file, for accounts whose yesterday is known.
DIFFERENCES = f"""
    WITH days AS (
        SELECT DISTINCT s.day, a.id AS account_id, s.fund_account, e.day AS before
        FROM intake_good s {register.FUND_ACCOUNT}
        JOIN market_tradingday d ON d.exchange_id = 'SH' AND d.day = s.day
        JOIN market_tradingday e ON e.exchange_id = 'SH' AND e.number = d.number - 1 AND e.is_open
        WHERE EXISTS (SELECT FROM ledger_position p WHERE p.account_id = a.id AND p.day = e.day)
    ), moved AS (
        SELECT d.day, d.fund_account, p.security_id, p.quantity AS now, 0 AS due
        FROM days d JOIN ledger_position p ON p.account_id = d.account_id AND p.day = d.day
        UNION ALL
        SELECT d.day, d.fund_account, p.security_id, 0, p.quantity
        FROM days d JOIN ledger_position p ON p.account_id = d.account_id AND p.day = d.before
        UNION ALL
        SELECT d.day, d.fund_account, t.security_id, 0, CASE WHEN t.side IN ('buy', 'subscribe', 'allot')
            THEN t.quantity WHEN t.side IN ('sell', 'redeem') THEN -t.quantity ELSE 0 END
        FROM days d JOIN ledger_trade t ON t.account_id = d.account_id AND t.day = d.day
    )
    SELECT m.day, m.fund_account, k.code || '.' || k.exchange_id, sum(m.now) - sum(m.due)
    FROM moved m JOIN market_security k ON k.id = m.security_id
    GROUP BY 1, 2, 3 HAVING sum(m.now) <> sum(m.due) ORDER BY 1, 2, 3
"""
TOLD = 20  # differences that are named; the others are counted


def write(merge: Merge) -> int:
    """Replace the days of the accounts in the file, and say where yesterday and the trades give something else."""
    groups = f"(SELECT s.day, a.id AS account_id FROM intake_good s {register.FUND_ACCOUNT}) f"
    changed = ROWS.write(merge, LINKED, groups)
    differences = merge.rows(DIFFERENCES) if changed else []
    for day, account, symbol, quantity in differences[:TOLD]:
        merge.note(f"{day} …{account[-4:]} {symbol}: {quantity:+f} against yesterday and the day's trades")
    merge.note("further differences against yesterday and the day's trades", len(differences) - TOLD)
    return changed


KIND = Kind(
    name="positions",
    title="positions at the close of a day",
    columns=COLUMNS,
    checks=(
        *market.code_checks(),
        market.FUTURE_DAY,
        Check("E_RANGE", "available", "available > quantity", "{} is more than the quantity", "available"),
    ),
    joins=f"{LINKED} {market.calendar()}",
    record_checks=RECORD_CHECKS,
    group=("day", "fund_account"),
    write=write,
    money="market_value",
    clients="SELECT count(DISTINCT a.client_id) FROM (SELECT DISTINCT fund_account FROM intake_stage) s "
    + register.FUND_ACCOUNT,
)
