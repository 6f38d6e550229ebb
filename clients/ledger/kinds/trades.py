"""Trades: executions of one settlement day or many. A fact never changes; a correction is a line with reversal_of."""

from clients.intake.checks import Check
from clients.intake.merging import Facts
from clients.intake.registry import Kind, Merge
from clients.intake.shapes import shape
from clients.ledger.models import Trade
from clients.market.kinds import joins as market
from clients.register.kinds import joins as register

COLUMNS = shape(
    f"""
    **day**:d* **fund_account**:s30* **exchange**:{market.EXCHANGES} **trade_no**:s40*
    **side**:e*(buy, sell, subscribe, redeem, lend, repay, allot, convert) order_no:s40 time:t* code:s12*
    business:e*(normal, credit_buy, short_sell, repo, ipo, fund, option) quantity:q*(>0) price:p*(0..) accrued:m
    amount:m*(0..) fx:r(>0) commission:m stamp_tax:m transfer_fee:m other_fee:m net_amount:m* currency:s3*
    channel:e(app, web, pc, phone, branch) reversal_of:s40
    """
)
FEES = "(coalesce(commission, 0) + coalesce(stamp_tax, 0) + coalesce(transfer_fee, 0) + coalesce(other_fee, 0))"
PAID, RECEIVED = "side IN ('buy', 'subscribe', 'lend')", "side IN ('sell', 'redeem', 'repay')"
GROSS = "CASE WHEN fx IS NULL THEN amount ELSE CAST(amount * fx AS DECIMAL(20,2)) END"
NET = f"({GROSS} + CASE WHEN {RECEIVED} THEN -{FEES} ELSE {FEES} END)"
WRONG_NET = f"({PAID} OR {RECEIVED}) AND abs(net_amount - {NET}) > 0.01"
# A reversal may give the fees back or keep them.
NOT_REVERSED = f"NOT coalesce(reversal_of IS NOT NULL AND abs(abs(net_amount - {GROSS}) - {FEES}) <= 0.01, false)"
# Allotments, subscriptions and the like are booked outside the session.
EXECUTED = "business IN ('normal', 'credit_buy', 'short_sell', 'repo', 'option') AND side NOT IN ('allot', 'convert')"
CHECKS = (
    *market.code_checks(),
    market.CURRENCY,
    market.FUTURE_DAY,
    Check("E_FUTURE", "time", "time > :now", "{} lies in the future", "time"),
    Check(
        "E_RANGE",
        "time",
        "CAST(timezone('Asia/Shanghai', time) AS DATE) <> day",
        "{} does not lie on the day of the trade",
        "time",
    ),
    Check(
        "E_RANGE",
        "time",
        f"{EXECUTED} AND NOT ({market.in_session('time')})",
        "{} lies outside the sessions of the exchange",
        "time",
    ),
    Check(
        "E_ARITH",
        "net_amount",
        f"{WRONG_NET} AND {NOT_REVERSED}",
        "amount and fees make {}: buying adds the fees, selling takes them off",
        NET,
    ),
    Check(
        "E_ARITH",
        "stamp_tax",
        "stamp_tax <> 0 AND side <> 'sell' AND reversal_of IS NULL AND exchange IN ('SH', 'SZ', 'BJ')",
        "stamp tax is paid on sales only, not {}",
        "stamp_tax",
    ),
)
FACTS = Facts(
    Trade,
    key={
        "day": "s.day",
        "account": "a.id",
        "exchange": "s.exchange",
        "trade_no": "s.trade_no",
        "side": "s.side",
    },
    same="order_no time business quantity price accrued amount fx commission stamp_tax transfer_fee other_fee "
    "net_amount currency channel reversal_of",
    other={"security": "k.id"},
    carried={"client": "a.client_id"},
)
# Only the days of the file are looked at: the planner leaves the other partitions alone.
RECORDED = FACTS.join("t.day BETWEEN :low AND :high")
JOINS = f"""
    {register.FUND_ACCOUNT} {market.SECURITY} {market.calendar()}
    LEFT JOIN market_dailybar b ON b.security_id = k.id AND b.day = s.day AND b.day BETWEEN :low AND :high {RECORDED}
"""
BOUGHT = "s.business IN ('normal', 'credit_buy', 'short_sell') AND s.side IN ('buy', 'sell') AND s.price"
LIMITED = "NOT b.adjusted AND b.status NOT IN ('first_day', 'no_limit')"
RECORD_CHECKS = (
    register.NO_ACCOUNT,
    register.CLOSED,
    market.NO_SECURITY,
    market.NOT_TRADING_DAY,
    Check(
        "E_ARITH",
        "amount",
        "s.business <> 'repo' AND abs(s.amount - s.quantity * s.price * k.unit - coalesce(s.accrued, 0)) > 0.01",
        "quantity, price and accrued interest make {}",
        "round(s.quantity * s.price * k.unit + coalesce(s.accrued, 0), 2)",
    ),
    Check(
        "E_RANGE",
        "price",
        f"({BOUGHT} > b.limit_up OR {BOUGHT} < b.limit_down) AND {LIMITED}",
        "the limits of the day are {}",
        "b.limit_down || ' to ' || b.limit_up",
    ),
    FACTS.conflict(),
)


def write(merge: Merge) -> int:
    """Insert the trades that are new."""
    return FACTS.write(merge, f"{register.FUND_ACCOUNT} {market.SECURITY} {RECORDED}")


KIND = Kind(
    name="trades",
    title="executions",
    columns=COLUMNS,
    checks=CHECKS,
    joins=JOINS,
    record_checks=RECORD_CHECKS,
    write=write,
    money="amount",
    clients="SELECT count(DISTINCT a.client_id) FROM (SELECT DISTINCT fund_account FROM intake_stage) s "
    + register.FUND_ACCOUNT,
)
