"""How much commissions and fees matter to him.

Prior: a little. Likelihood: days on which he looked at commissions or at help, among the days on which he came; a low
rate says that he has asked for it once.
"""

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Sign, Trait

SQL = """
-- reads: event_days 90, features
WITH days AS (
    SELECT client_id, day, bool_or(meaning = 'commission_page_viewed') AS looked
    FROM event_days
    GROUP BY ALL
)
SELECT client_id, CASE WHEN looked THEN 'looked' ELSE 'did_not_look' END AS sign, NULL AS value,
    count(*) AS observations,    max(day) AS latest
FROM days
GROUP BY ALL
UNION ALL
SELECT client_id, 'low_rate', NULL, 1, data_day() FROM features WHERE commission_rate_bps < 1.5
"""
TRAIT = Trait(
    name="price_sensitivity",
    title=_("Price sensitivity"),
    values={
        "low": _("little"),
        "medium": _("some"),
        "high": _("much"),
    },
    signs={
        "looked": Sign(_("looked at commissions and fees on %(n)s days"), screen=True),
        "did_not_look": Sign(_("came and did not look at fees on %(n)s days"), screen=True),
        "low_rate": Sign(_("pays a low commission rate")),
    },
    sql=SQL,
)
