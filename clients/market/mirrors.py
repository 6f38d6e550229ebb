"""Bars, the securities master and the price limits for the lake.

Adjustment factors stay in the record: they change afterwards.
"""

from clients.lake.registry import Keeping, Mirror, register

PRICE = "DECIMAL(18,4)"
SECURITIES = """
SELECT DISTINCT ON (pgh_obj_id) id, exchange_id AS exchange, code, name, industry, type, board, status, list_date,
    currency, tick, unit, risk_flag
FROM market_securityhistory WHERE pgh_created_at <= %(cutoff)s ORDER BY pgh_obj_id, pgh_id DESC
"""
BOARD_RULES = """
SELECT id, board, risk_warned, limit_ratio, effective_from, effective_to FROM market_boardrule
WHERE effective_from <= %(day)s AND (effective_to IS NULL OR effective_to >= %(day)s)
"""
BARS = """
SELECT id, day, security_id, open, high, low, close, prev_close, volume, amount, limit_up, limit_down, status,
    adjusted, jump, arrived_at
FROM market_dailybar WHERE day = ANY(%(days)s)
"""

register(
    Mirror(
        table="securities",
        keeping=Keeping.SNAPSHOT,
        sql=SECURITIES,
        columns={
            "id": "BIGINT",
            "exchange": "VARCHAR",
            "code": "VARCHAR",
            "name": "VARCHAR",
            "industry": "VARCHAR",
            "type": "VARCHAR",
            "board": "VARCHAR",
            "status": "VARCHAR",
            "list_date": "DATE",
            "currency": "VARCHAR",
            "tick": PRICE,
            "unit": "INTEGER",
            "risk_flag": "VARCHAR",
        },
    )
)
register(
    Mirror(
        table="board_rules",
        keeping=Keeping.SNAPSHOT,
        sql=BOARD_RULES,
        columns={
            "id": "BIGINT",
            "board": "VARCHAR",
            "risk_warned": "BOOLEAN",
            "limit_ratio": "DECIMAL(9,6)",
            "effective_from": "DATE",
            "effective_to": "DATE",
        },
    )
)
register(
    Mirror(
        table="bars",
        keeping=Keeping.FACTS,
        source="market_dailybar",
        sql=BARS,
        columns={
            "id": "BIGINT",
            "day": "DATE",
            "security_id": "BIGINT",
            "open": PRICE,
            "high": PRICE,
            "low": PRICE,
            "close": PRICE,
            "prev_close": PRICE,
            "volume": "DECIMAL(20,4)",
            "amount": "DECIMAL(20,2)",
            "limit_up": PRICE,
            "limit_down": PRICE,
            "status": "VARCHAR",
            "adjusted": "BOOLEAN",
            "jump": "BOOLEAN",
            "arrived_at": "TIMESTAMP WITH TIME ZONE",
        },
    )
)
