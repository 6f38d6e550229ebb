"""Whether we are his main broker, or one that he keeps beside another.

Prior: main. Likelihood: what he declared of accounts and assets elsewhere, whether he trades here at all while he keeps
looking, and little money with much experience.
"""

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Sign, Trait

SQL = """
-- reads: features, declared, traded 90, live_flows 250
SELECT client_id, 'trades_here' AS sign, NULL AS value, count(*) AS observations, max(day) AS latest
FROM traded
WHERE trades > 0
GROUP BY ALL
UNION ALL
SELECT client_id, CASE kind WHEN 'custody_out' THEN 'moved_out' ELSE 'moved_in' END, NULL, count(DISTINCT day),
    max(day)
FROM live_flows
WHERE kind IN ('custody_in', 'custody_out')
GROUP BY ALL
UNION ALL
SELECT client_id, sign, NULL, 1, data_day()
FROM (
    SELECT f.client_id, unnest([
        CASE WHEN d.assets_elsewhere > coalesce(f.assets_avg_20td, 0) THEN 'declared_more_elsewhere' END,
        CASE WHEN d.brokers_elsewhere > 0 THEN 'declared_accounts'
            WHEN d.brokers_elsewhere = 0 THEN 'declared_none' END,
        CASE WHEN f.login_days_30d >= 8 AND coalesce(f.trade_count_30d, 0) = 0 THEN 'looks_and_does_not_trade' END
    ]) AS sign
    FROM features AS f
    LEFT JOIN declared AS d USING (client_id)
)
WHERE sign IS NOT NULL
"""
TRAIT = Trait(
    name="broker",
    title=_("Main or second broker"),
    values={
        "main": _("main broker"),
        "second": _("second broker"),
    },
    signs={
        "declared_more_elsewhere": Sign(_("declared more assets elsewhere than here")),
        "declared_accounts": Sign(_("declared accounts with other brokers")),
        "declared_none": Sign(_("declared no account elsewhere")),
        "trades_here": Sign(_("traded here on %(n)s days")),
        "looks_and_does_not_trade": Sign(_("came on many days and did not trade"), screen=True),
        "moved_out": Sign(_("moved securities to another broker")),
        "moved_in": Sign(_("moved securities to us")),
    },
    sql=SQL,
)
