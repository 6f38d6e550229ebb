"""For how long he holds what he buys.

Prior: most hold for weeks or months. Likelihood: each sale tells by the days since the last purchase of the security;
what he still holds after half a year speaks for long.
"""

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Sign, Trait

SQL = """
-- reads: live_trades 400, securities, held
WITH deals AS (
    SELECT t.client_id, t.security_id, t.day, t.side
    FROM live_trades AS t
    JOIN securities AS s ON s.id = t.security_id AND s.exchange <> 'OTC'
    WHERE t.side IN ('buy', 'sell') AND t.business <> 'repo'
),
bought AS (SELECT client_id, security_id, day FROM deals WHERE side = 'buy' GROUP BY ALL),
sold AS (SELECT client_id, security_id, day FROM deals WHERE side = 'sell' GROUP BY ALL),
kept AS (
    SELECT s.client_id, s.day, s.day - b.day AS days
    FROM sold AS s
    ASOF JOIN bought AS b ON b.client_id = s.client_id AND b.security_id = s.security_id AND b.day <= s.day
),
last_bought AS (SELECT client_id, security_id, max(day) AS day FROM bought GROUP BY ALL)
SELECT
    client_id,
    CASE WHEN days <= 3 THEN 'sold_next_day' WHEN days <= 28 THEN 'sold_in_weeks' WHEN days <= 183 THEN 'sold_in_months'
        ELSE 'sold_later' END AS sign,
    NULL AS value,
    count(*) AS observations,
    max(day) AS latest
FROM kept
GROUP BY ALL
UNION ALL
SELECT h.client_id, 'still_holds', NULL, count(*), data_day()
FROM held AS h
JOIN last_bought AS b ON b.client_id = h.client_id AND b.security_id = h.security_id
WHERE b.day < data_day() - 183
GROUP BY ALL
"""
TRAIT = Trait(
    name="horizon",
    title=_("Holding period"),
    values={
        "intraday": _("a day"),
        "short": _("weeks"),
        "medium": _("months"),
        "long": _("half a year and longer"),
    },
    signs={
        "sold_next_day": Sign(_("sold the day after buying, %(n)s times")),
        "sold_in_weeks": Sign(_("sold within four weeks, %(n)s times")),
        "sold_in_months": Sign(_("sold within half a year, %(n)s times")),
        "sold_later": Sign(_("sold after more than half a year, %(n)s times")),
        "still_holds": Sign(_("holds %(n)s securities for more than half a year")),
    },
    sql=SQL,
)
