"""The part of the day in which he is usually online.

Prior: evening and morning before the others. Likelihood: about two thirds of the visits of a person lie in his usual
part, so that a visit there is worth ln(0.65 / 0.13), and one elsewhere less than nothing.
"""

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Sign, Trait

SQL = """
-- reads: sessions 90
WITH visits AS (
    SELECT client_id, day, extract(hour FROM started_at) + extract(minute FROM started_at) / 60 AS hour
    FROM sessions
    WHERE client_id IS NOT NULL
)
SELECT
    client_id,
    'visited' AS sign,
    CASE WHEN hour < 9 THEN 'early' WHEN hour < 11.5 THEN 'morning' WHEN hour < 13 THEN 'midday'
        WHEN hour < 15 THEN 'afternoon' WHEN hour < 21 THEN 'evening' ELSE 'night' END AS value,
    count(*) AS observations,
    max(day) AS latest
FROM visits
GROUP BY ALL
"""
TRAIT = Trait(
    name="rhythm",
    title=_("Usual time online"),
    values={
        "early": _("before 09:00"),
        "morning": _("09:00 to 11:30"),
        "midday": _("11:30 to 13:00"),
        "afternoon": _("13:00 to 15:00"),
        "evening": _("15:00 to 21:00"),
        "night": _("after 21:00"),
    },
    signs={
        "visited": Sign(_("%(n)s visits %(value)s"), screen=True),
    },
    sql=SQL,
)
