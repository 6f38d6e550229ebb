"""What his money is for (理财诉求): declared, else inferred.

Prior: growth. Likelihood: where his money lies, how often he takes some out, his age, and which services
and help pages he looks at.
"""

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Sign, Trait

SQL = """
-- reads: features, live_flows 250, event_days 90
SELECT client_id, 'takes_out' AS sign, NULL AS value, count(DISTINCT date_trunc('month', day)) AS observations,
    max(day) AS latest
FROM live_flows
WHERE kind = 'bank_out'
GROUP BY ALL
UNION ALL
SELECT
    client_id,
    CASE WHEN object IN ('pension', 'acct.pension') THEN 'looked_at_pension'
        WHEN object IN ('dividends', 'perm.repo') THEN 'looked_at_yield'
        WHEN object IN ('transfer', 'cash.transfer') THEN 'looked_at_transfers'
        ELSE 'looked_at_plans' END,
    NULL,
    count(DISTINCT day),
    max(day)
FROM event_days
WHERE meaning IN ('service_viewed', 'help_viewed') AND object IN (
    'pension', 'acct.pension', 'dividends', 'perm.repo', 'transfer', 'cash.transfer', 'regular_plan', 'acct.ta'
)
GROUP BY ALL
UNION ALL
SELECT client_id, sign, NULL, 1, data_day()
FROM (
    SELECT client_id, unnest([
        CASE WHEN cash_ratio > 0.5 THEN 'in_cash' END,
        CASE WHEN product_ratio > 0.5 THEN 'in_products' END,
        CASE WHEN position_market_value > 0.5 * assets_avg_20td THEN 'in_stocks' END,
        CASE WHEN age >= 55 THEN 'from_55' WHEN age BETWEEN 30 AND 45 THEN 'aged_30_to_45' END,
        CASE WHEN pension_account_opened THEN 'has_pension_account' END
    ]) AS sign
    FROM features
)
WHERE sign IS NOT NULL
"""
TRAIT = Trait(
    name="goal",
    title=_("Purpose of the money"),
    values={
        "liquidity": _("to have it at hand"),
        "income": _("a steady income"),
        "growth": _("growth"),
        "retirement": _("retirement"),
        "education": _("education of a child"),
    },
    signs={
        "takes_out": Sign(_("took money out in %(n)s months")),
        "in_cash": Sign(_("keeps most of it as cash")),
        "in_products": Sign(_("keeps most of it in products")),
        "in_stocks": Sign(_("keeps most of it in securities")),
        "from_55": Sign(_("55 or older")),
        "aged_30_to_45": Sign(_("30 to 45 years old")),
        "looked_at_pension": Sign(_("looked at pensions on %(n)s days"), screen=True),
        "looked_at_yield": Sign(_("looked at dividends and repos on %(n)s days"), screen=True),
        "looked_at_transfers": Sign(_("looked at transfers on %(n)s days"), screen=True),
        "looked_at_plans": Sign(_("looked at regular plans on %(n)s days"), screen=True),
        "has_pension_account": Sign(_("has a pension account")),
    },
    sql=SQL,
)
