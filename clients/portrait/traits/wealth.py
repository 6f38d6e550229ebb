"""How much money he has, here and elsewhere.

Prior: by what he has here. Likelihood: his average assets, his best ones, and what he declared of his income and of
assets elsewhere.
"""

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Sign, Trait

SQL = """
-- reads: features, declared
WITH known AS (
    SELECT f.client_id, f.assets_peak_365d AS peak, coalesce(d.assets_elsewhere, 0) AS elsewhere
    FROM features AS f
    LEFT JOIN declared AS d USING (client_id)
)
SELECT
    client_id,
    CASE WHEN peak < 50000 THEN 'below_50k' WHEN peak < 300000 THEN 'below_300k' WHEN peak < 1000000 THEN 'below_1m'
        ELSE 'above_1m' END AS sign,
    NULL AS value,
    1 AS observations,
    data_day() AS latest
FROM known
WHERE peak IS NOT NULL
UNION ALL
SELECT client_id, 'elsewhere', NULL, 1, data_day() FROM known WHERE elsewhere > coalesce(peak, 0) AND elsewhere > 0
"""
TRAIT = Trait(
    name="wealth",
    title=_("Wealth"),
    values={
        "starting": _("starting"),
        "building": _("building"),
        "affluent": _("affluent"),
        "wealthy": _("wealthy"),
    },
    signs={
        "below_50k": Sign(_("had less than 50,000 CNY here at most")),
        "below_300k": Sign(_("had 50,000 to 300,000 CNY here at most")),
        "below_1m": Sign(_("had 300,000 to a million CNY here at most")),
        "above_1m": Sign(_("had more than a million CNY here")),
        "elsewhere": Sign(_("declared more elsewhere than there is here")),
    },
    sql=SQL,
)
