"""Whether margin trading is for him: he uses it, is open to it, or not.

Prior: for most it is not. Likelihood: a credit account and debt settle it; looks at its pages, experience and turnover
speak for open. The newest questionnaire counts also when it has lapsed: its lapse forbids deals, and tells nothing
new about him.
"""

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Sign, Trait

SQL = """
-- reads: features, assessments
WITH told AS (
    SELECT f.client_id, unnest([
        {'sign': CASE WHEN margin_account_status = 'open' THEN 'has_account' END, 'n': 1},
        {'sign': CASE WHEN margin_debt > 0 THEN 'owes' END, 'n': 1},
        {'sign': CASE WHEN margin_page_view_cnt_30d > 0 THEN 'looked' END, 'n': margin_page_view_cnt_30d},
        {'sign': CASE WHEN margin_page_view_cnt_30d = 0 AND login_days_30d > 4 THEN 'no_look' END, 'n': 1},
        {'sign': CASE WHEN a.newest_level < 4 THEN 'low_level' END, 'n': 1}
    ], recursive := TRUE)
    FROM features AS f
    LEFT JOIN assessments AS a USING (client_id)
)
SELECT client_id, sign, NULL AS value, n AS observations, data_day() AS latest
FROM told
WHERE sign IS NOT NULL
"""
TRAIT = Trait(
    name="margin",
    title=_("Margin trading"),
    values={
        "none": _("not suited"),
        "open": _("open to it"),
        "user": _("uses it"),
    },
    signs={
        "has_account": Sign(_("has a credit account")),
        "owes": Sign(_("owes margin debt")),
        "looked": Sign(_("looked at margin pages, %(n)s times"), screen=True),
        "no_look": Sign(_("never looked at margin pages in 30 days with visits"), screen=True),
        "low_level": Sign(_("the risk level is too low for it")),
    },
    sql=SQL,
)
