"""Bars, the securities master, events, products and the price limits for the lake.

Adjustment factors stay in the record: they change afterwards.
"""

from clients.lake.registry import Keeping, Mirror, register

PRICE, RATIO, MONEY = "DECIMAL(18,4)", "DECIMAL(9,6)", "DECIMAL(20,2)"
MOMENT = "TIMESTAMP WITH TIME ZONE"
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
PRODUCTS = """
SELECT DISTINCT ON (pgh_obj_id) id, ta_code, product_code, as_of, kind, risk_level, min_amount, term_days,
    open_from, open_to, status, investor
FROM market_producthistory WHERE pgh_created_at <= %(cutoff)s ORDER BY pgh_obj_id, pgh_id DESC
"""
PRODUCT_NAVS = "SELECT id, day, product_id, nav, arrived_at FROM market_productnav WHERE day = ANY(%(days)s)"
# An event lies on the day it was announced, a reversal (`reversal_of` is the number it takes back) on that of its
# event. `kind` is 'news' and the columns from `article_id` to `published_at` are filled where an article reports it.
SECURITY_EVENTS = """
SELECT id, announced_on AS day, security_id, event_no, kind, announced_on, ex_date, record_date, pay_date, last_day,
    value, price, role, source, article_id, article_kind, rating, published_at, reversal_of, arrived_at
FROM market_securityevent WHERE announced_on = ANY(%(days)s)
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
            "limit_ratio": RATIO,
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
            "amount": MONEY,
            "limit_up": PRICE,
            "limit_down": PRICE,
            "status": "VARCHAR",
            "adjusted": "BOOLEAN",
            "jump": "BOOLEAN",
            "arrived_at": MOMENT,
        },
    )
)
register(
    Mirror(
        table="products",
        keeping=Keeping.SNAPSHOT,
        sql=PRODUCTS,
        columns={
            "id": "BIGINT",
            "ta_code": "VARCHAR",
            "product_code": "VARCHAR",
            "as_of": "DATE",
            "kind": "VARCHAR",
            "risk_level": "INTEGER",
            "min_amount": MONEY,
            "term_days": "INTEGER",
            "open_from": "DATE",
            "open_to": "DATE",
            "status": "VARCHAR",
            "investor": "VARCHAR",
        },
    )
)
register(
    Mirror(
        table="product_navs",
        keeping=Keeping.FACTS,
        source="market_productnav",
        sql=PRODUCT_NAVS,
        columns={"id": "BIGINT", "day": "DATE", "product_id": "BIGINT", "nav": PRICE, "arrived_at": MOMENT},
    )
)
register(
    Mirror(
        table="security_events",
        keeping=Keeping.FACTS,
        source="market_securityevent",
        day_sql="announced_on",
        sql=SECURITY_EVENTS,
        columns={
            "id": "BIGINT",
            "day": "DATE",
            "security_id": "BIGINT",
            "event_no": "VARCHAR",
            "kind": "VARCHAR",
            "announced_on": "DATE",
            "ex_date": "DATE",
            "record_date": "DATE",
            "pay_date": "DATE",
            "last_day": "DATE",
            "value": RATIO,
            "price": PRICE,
            "role": "VARCHAR",
            "source": "VARCHAR",
            "article_id": "BIGINT",
            "article_kind": "VARCHAR",
            "rating": "VARCHAR",
            "published_at": MOMENT,
            "reversal_of": "VARCHAR",
            "arrived_at": MOMENT,
        },
    )
)
