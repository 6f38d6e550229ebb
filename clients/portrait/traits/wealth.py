"""How much money he has, here and elsewhere.

Prior: by what he has here. Likelihood: his average assets, his best ones, and what he declared of his income and of
assets elsewhere. The bounds are figures of the features (wealth_…).
"""

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Sign, Trait

SQL = """
-- reads: features, declared
WITH known AS (
    SELECT client_id, here, told, greatest(here, here + told) AS whole
    FROM (
        SELECT f.client_id, f.assets_peak_365d AS here, d.assets_elsewhere AS told
        FROM features AS f
        LEFT JOIN declared AS d USING (client_id)
        WHERE f.assets_peak_365d IS NOT NULL
    )
)
SELECT
    client_id,
    CASE WHEN told IS NULL THEN 'here_' ELSE 'told_' END || CASE WHEN whole < param('wealth_building') THEN 'starting'
        WHEN whole < param('wealth_affluent') THEN 'building' WHEN whole < param('wealth_wealthy') THEN 'affluent'
        ELSE 'wealthy' END AS sign,
    NULL AS value,
    1 AS observations,
    data_day() AS latest
FROM known
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
        "here_starting": Sign(_("the most that was here in a year: little")),
        "here_building": Sign(_("the most that was here in a year: a medium sum")),
        "here_affluent": Sign(_("the most that was here in a year: a large sum")),
        "here_wealthy": Sign(_("the most that was here in a year: a very large sum")),
        "told_starting": Sign(_("here and, as told, elsewhere together: little")),
        "told_building": Sign(_("here and, as told, elsewhere together: a medium sum")),
        "told_affluent": Sign(_("here and, as told, elsewhere together: a large sum")),
        "told_wealthy": Sign(_("here and, as told, elsewhere together: a very large sum")),
    },
    sql=SQL,
)
