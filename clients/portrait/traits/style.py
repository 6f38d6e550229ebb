"""When he buys: after a rise, after a fall, for income, or without a pattern.

Prior: half of them without a pattern. Likelihood: each purchase of a stock tells by where its change over the five
trading days before stood among all stocks (upper, middle, lower third); purchases of securities that paid a dividend
within about a year, and payments into funds, speak for income.
"""

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Sign, Trait

SQL = """
-- reads: live_trades 250, bars 265, securities, security_events 400, live_flows 250
WITH bought AS (
    SELECT t.client_id, t.security_id, t.day, s.type
    FROM live_trades AS t
    JOIN securities AS s ON s.id = t.security_id AND s.exchange <> 'OTC'
    WHERE t.side = 'buy' AND t.business IN ('normal', 'credit_buy')
    GROUP BY ALL
),
moves AS (
    SELECT b.security_id, b.day, lag(b.close) OVER one / lag(b.close, 6) OVER one - 1 AS change
    FROM bars AS b
    JOIN securities AS s ON s.id = b.security_id AND s.type = 'stock'
    WHERE b.status <> 'suspended'
    WINDOW one AS (PARTITION BY b.security_id ORDER BY b.day)
),
ranked AS (
    SELECT security_id, day, percent_rank() OVER (PARTITION BY day ORDER BY change) AS place
    FROM moves
    WHERE change IS NOT NULL AND day IN (SELECT day FROM bought)
),
payers AS (SELECT DISTINCT security_id FROM security_events WHERE kind = 'dividend')
SELECT
    b.client_id,
    CASE WHEN r.place > 2 / 3 THEN 'after_rise' WHEN r.place < 1 / 3 THEN 'after_fall' ELSE 'after_calm' END AS sign,
    NULL AS value,
    count(*) AS observations,
    max(b.day) AS latest
FROM bought AS b
JOIN ranked AS r ON r.security_id = b.security_id AND r.day = b.day
GROUP BY ALL
UNION ALL
SELECT b.client_id, CASE WHEN p.security_id IS NULL THEN 'bought_others' ELSE 'bought_payers' END, NULL, count(*),
    max(b.day)
FROM bought AS b
LEFT JOIN payers AS p ON p.security_id = b.security_id
GROUP BY ALL
UNION ALL
SELECT client_id, 'paid_into_funds', NULL, count(*), max(day)
FROM live_flows
WHERE kind = 'product_out'
GROUP BY ALL
"""
TRAIT = Trait(
    name="style",
    title=_("Buying style"),
    values={
        "chaser": _("buys what has risen"),
        "dipper": _("buys what has fallen"),
        "income": _("buys for income"),
        "mixed": _("no pattern"),
    },
    signs={
        "after_rise": Sign(_("bought after a rise, %(n)s times")),
        "after_fall": Sign(_("bought after a fall, %(n)s times")),
        "after_calm": Sign(_("bought without a move before, %(n)s times")),
        "bought_payers": Sign(_("bought what pays dividends, %(n)s times")),
        "bought_others": Sign(_("bought what pays no dividends, %(n)s times")),
        "paid_into_funds": Sign(_("paid into funds, %(n)s times")),
    },
    sql=SQL,
)
