"""The industry that he prefers, or none.

Prior: half of them prefer none, the others each industry that anybody here bought or looked at alike. Likelihood: who
prefers one picks it in more than half of his purchases; a look at a security says less than a purchase. The same
security again says nothing new.
"""

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Sign, Trait

SQL = """
-- reads: live_trades 365, securities, event_days 90
SELECT t.client_id, 'bought' AS sign, s.industry AS value, count(DISTINCT s.id) AS observations, max(t.day) AS latest
FROM live_trades AS t
JOIN securities AS s ON s.id = t.security_id
WHERE t.side = 'buy' AND s.industry <> '' AND s.exchange <> 'OTC'
GROUP BY ALL
UNION ALL
SELECT e.client_id, 'looked', s.industry, count(DISTINCT s.id), max(e.day)
FROM event_days AS e
JOIN securities AS s ON s.code || '.' || s.exchange = e.object
WHERE e.meaning IN ('stock_viewed', 'search', 'watchlist_added') AND s.industry <> ''
GROUP BY ALL
"""
TRAIT = Trait(
    name="industry",
    title=_("Favourite industry"),
    values={},
    signs={
        "bought": Sign(_("bought %(n)s securities of the industry %(value)s")),
        "looked": Sign(_("looked at %(n)s securities of the industry %(value)s"), screen=True),
    },
    sql=SQL,
)
