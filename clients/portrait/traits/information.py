"""How much he reads: news, research, searches.

Prior: the middle. Likelihood: the share of his days on screen on which he read or searched, over ninety days.
"""

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Sign, Trait

SQL = """
-- reads: event_days 90
WITH days AS (
    SELECT client_id, day, bool_or(
        meaning IN ('article_viewed', 'research_viewed', 'search', 'search_empty', 'news_push_opened')
    ) AS read
    FROM event_days
    GROUP BY ALL
)
SELECT client_id, CASE WHEN read THEN 'read' ELSE 'did_not_read' END AS sign, NULL AS value, count(*) AS observations,
    max(day) AS latest
FROM days
GROUP BY ALL
"""
TRAIT = Trait(
    name="information",
    title=_("Appetite for information"),
    values={
        "low": _("little"),
        "medium": _("some"),
        "high": _("much"),
    },
    signs={
        "read": Sign(_("read or searched on %(n)s days"), screen=True),
        "did_not_read": Sign(_("came and read nothing on %(n)s days"), screen=True),
    },
    sql=SQL,
)
