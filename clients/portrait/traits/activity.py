"""How often he comes: the share of days on which he is seen on screen or trades.

Prior: most clients come now and then. Likelihood: each week of the last thirteen since the lake knows anything tells by
the number of its days on which he came (Poisson-like; the figures are rounded log ratios).
"""

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Sign, Trait

SQL = """
-- reads: clients, event_days 91
WITH known AS (SELECT min(day) AS since FROM event_days),
weeks AS (
    SELECT c.client_id, w.week
    FROM clients AS c
    CROSS JOIN (
        SELECT CAST((data_day() - day) // 7 AS INTEGER) AS week
        FROM (SELECT unnest(generate_series(data_day() - 90, data_day(), INTERVAL 1 DAY))::DATE AS day), known
        WHERE day >= known.since
        GROUP BY 1
        HAVING count(*) = 7
    ) AS w
    WHERE c.opened_on <= data_day() - 7 * w.week - 6
),
came AS (
    SELECT client_id, CAST((data_day() - day) // 7 AS INTEGER) AS week, count(DISTINCT day) AS days, max(day) AS latest
    FROM event_days
    GROUP BY ALL
)
SELECT
    w.client_id,
    CASE WHEN e.days IS NULL THEN 'no_day' WHEN e.days = 1 THEN 'one_day' WHEN e.days < 4 THEN 'some_days'
        ELSE 'most_days' END
        AS sign,
    NULL AS value,
    count(*) AS observations,
    max(coalesce(e.latest, data_day() - 7 * w.week)) AS latest
FROM weeks AS w
LEFT JOIN came AS e ON e.client_id = w.client_id AND e.week = w.week
GROUP BY ALL
"""
TRAIT = Trait(
    name="activity",
    title=_("Visits"),
    values={
        "asleep": _("hardly ever"),
        "occasional": _("now and then"),
        "regular": _("every week"),
        "daily": _("nearly every day"),
    },
    signs={
        "no_day": Sign(_("%(n)s weeks without a visit"), screen=True),
        "one_day": Sign(_("%(n)s weeks with a visit on one day"), screen=True),
        "some_days": Sign(_("%(n)s weeks with visits on two or three days"), screen=True),
        "most_days": Sign(_("%(n)s weeks with visits on four or more days"), screen=True),
    },
    sql=SQL,
)
