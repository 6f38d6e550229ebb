"""The part of the calling hours in which he is best reached.

Prior: evening and afternoon. Likelihood: calls that he answered and did not, by their hour; visits on screen in that
part say a little.
"""

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Sign, Trait

SQL = """
-- reads: touches 250, visit_days 90
WITH called AS (
    SELECT client_id, day, reached, extract(hour FROM started_at) + extract(minute FROM started_at) / 60 AS hour
    FROM touches
    WHERE channel = 'phone' AND outbound
),
visited AS (SELECT client_id, day, minute / 60 AS hour FROM visit_days),
seen AS (
    SELECT client_id, CASE WHEN reached THEN 'answered' ELSE 'missed' END AS sign, hour, day FROM called
    UNION ALL
    SELECT client_id, 'online', hour, day FROM visited
)
SELECT
    client_id,
    sign,
    CASE WHEN hour < 11.5 THEN 'morning' WHEN hour < 13 THEN 'midday' WHEN hour < 15 THEN 'afternoon' ELSE 'evening' END
        AS value,
    count(DISTINCT day) AS observations,
    max(day) AS latest
FROM seen
WHERE hour >= 9 AND hour < 21
GROUP BY ALL
"""
TRAIT = Trait(
    name="contact_time",
    title=_("Best time to reach"),
    values={
        "morning": _("09:00 to 11:30"),
        "midday": _("11:30 to 13:00"),
        "afternoon": _("13:00 to 15:00"),
        "evening": _("15:00 to 21:00"),
    },
    signs={
        "answered": Sign(_("answered a call %(value)s, %(n)s times")),
        "missed": Sign(_("did not answer %(value)s, %(n)s times")),
        "online": Sign(_("was online %(value)s on %(n)s days"), screen=True),
    },
    sql=SQL,
)
