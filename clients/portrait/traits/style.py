"""When he buys: after a rise, after a fall, for income, or without a pattern.

Prior: half of them without a pattern. Likelihood: each purchase of a stock tells by the change of its price over the
ten natural days before it (bars up to the day before); payments into funds speak for income.
"""

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Sign, Trait

SQL = """
-- reads: live_trades 250, bars 265, securities, live_flows 250
WITH bought AS (
    SELECT t.client_id, t.security_id, t.day
    FROM live_trades AS t
    JOIN securities AS s ON s.id = t.security_id AND s.exchange <> 'OTC'
    WHERE t.side = 'buy' AND t.business IN ('normal', 'credit_buy')
    GROUP BY ALL
),
wanted AS (SELECT DISTINCT security_id, day FROM bought),
closes AS (SELECT security_id, day, close FROM bars WHERE status <> 'suspended'),
moves AS (
    SELECT w.security_id, w.day, l.close / e.close - 1 AS change
    FROM wanted AS w
    ASOF JOIN closes AS l ON l.security_id = w.security_id AND l.day < w.day
    ASOF JOIN closes AS e ON e.security_id = w.security_id AND e.day <= w.day - 10
)
SELECT
    b.client_id,
    CASE WHEN m.change > 0.04 THEN 'after_rise' WHEN m.change < -0.04 THEN 'after_fall' ELSE 'after_calm' END AS sign,
    NULL AS value,
    count(*) AS observations,
    max(b.day) AS latest
FROM bought AS b
JOIN moves AS m ON m.security_id = b.security_id AND m.day = b.day
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
        "paid_into_funds": Sign(_("paid into funds, %(n)s times")),
    },
    sql=SQL,
)
