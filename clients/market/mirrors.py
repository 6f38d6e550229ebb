"""Bars, the securities master, events, products and the price limits for the lake.

Adjustment factors stay in the record: they change afterwards.
"""

from clients.lake.registry import Keeping, Mirror, register

PRICE, RATIO, MONEY = "DECIMAL(18,4)", "DECIMAL(9,6)", "DECIMAL(20,2)"
MOMENT = "TIMESTAMP WITH TIME ZONE"
SECURITIES = """
SELECT DISTINCT ON (pgh_obj_id) id, exchange_id AS exchange, code, name, industry, type, board, status, list_date,
    currency, tick, unit, risk_flag, collateral_ratio
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
# `raised_on` and `liquidating_on` are the days of the lines that last raised the risk level and told of the end.
PRODUCTS = """
SELECT DISTINCT ON (pgh_obj_id) id, ta_code, product_code, as_of, kind, risk_level, min_amount, term_days,
    open_from, open_to, status, investor,
    max(raised_on) OVER (PARTITION BY pgh_obj_id) AS raised_on,
    max(liquidating_on) OVER (PARTITION BY pgh_obj_id) AS liquidating_on
FROM (SELECT *, CASE WHEN risk_level > lag(risk_level) OVER seen THEN as_of END AS raised_on,
          CASE WHEN status = 'liquidating' AND lag(status) OVER seen <> 'liquidating' THEN as_of END AS liquidating_on
      FROM market_producthistory WHERE pgh_created_at <= %(cutoff)s
      WINDOW seen AS (PARTITION BY pgh_obj_id ORDER BY pgh_id)) known
ORDER BY pgh_obj_id, pgh_id DESC
"""
PRODUCT_NAVS = "SELECT id, day, product_id, nav, arrived_at FROM market_productnav WHERE day = ANY(%(days)s)"
# An event lies on the day it was announced, a reversal (`reversal_of` is the number it takes back) on that of its
# event. `kind` is 'news' and the columns from `article_id` to `published_at` are filled where an article reports it.
SECURITY_EVENTS = """
SELECT id, announced_on AS day, security_id, event_no, kind, announced_on, ex_date, record_date, pay_date, last_day,
    value, price, role, source, article_id, article_kind, rating, published_at, reversal_of, arrived_at
FROM market_securityevent WHERE announced_on = ANY(%(days)s)
"""
# Events that files brought and nothing took back, while any of their days lies less than a year back or ahead.
OPEN_EVENTS = """
SELECT id, security_id, event_no, kind, announced_on, ex_date, record_date, pay_date, last_day, value, price
FROM market_securityevent e
WHERE article_id IS NULL AND reversal_of = '' AND announced_on <= %(day)s AND arrived_at <= %(cutoff)s
    AND greatest(announced_on, ex_date, record_date, pay_date, last_day) > %(day)s - 366
    AND NOT EXISTS (SELECT FROM market_securityevent r WHERE r.security_id = e.security_id
                    AND r.reversal_of = e.event_no AND r.arrived_at <= %(cutoff)s)
"""
# What a house of research thinks of a security, where it thought otherwise before; changes of the last month.
RATING_CHANGES = """
SELECT id, security_id, event_no, changed_on, rating, rating_before FROM (
    SELECT id, security_id, event_no, announced_on AS changed_on, rating,
        lag(rating) OVER (PARTITION BY security_id, source ORDER BY published_at, id) AS rating_before
    FROM market_securityevent e
    WHERE rating <> '' AND role = 'subject' AND reversal_of = '' AND announced_on <= %(day)s
        AND arrived_at <= %(cutoff)s
        AND NOT EXISTS (SELECT FROM market_securityevent r WHERE r.security_id = e.security_id
                        AND r.reversal_of = e.event_no AND r.arrived_at <= %(cutoff)s)
) rated WHERE rating <> rating_before AND changed_on > %(day)s - 31
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
            "collateral_ratio": RATIO,
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
            "raised_on": "DATE",
            "liquidating_on": "DATE",
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
register(
    Mirror(
        table="open_events",
        keeping=Keeping.SNAPSHOT,
        sql=OPEN_EVENTS,
        columns={
            "id": "BIGINT",
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
        },
    )
)
register(
    Mirror(
        table="rating_changes",
        keeping=Keeping.SNAPSHOT,
        sql=RATING_CHANGES,
        columns={
            "id": "BIGINT",
            "security_id": "BIGINT",
            "event_no": "VARCHAR",
            "changed_on": "DATE",
            "rating": "VARCHAR",
            "rating_before": "VARCHAR",
        },
    )
)
