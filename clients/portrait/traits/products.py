"""What he prefers to hold: stocks, funds, wealth products, or cash.

Prior: stocks before the others. Likelihood: where most of his money lies today, what he looks at and what he paid into.
"""

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Sign, Trait

SQL = """
-- reads: features, event_days 90, traded 90, live_flows 250
WITH split AS (
    SELECT
        client_id,
        coalesce(position_market_value, 0) AS stocks,
        coalesce(product_holding_value, 0) AS products,
        coalesce(cash_available, 0) AS cash
    FROM features
),
shares AS (SELECT *, stocks + products + cash AS whole FROM split)
SELECT client_id, 'mostly_stocks' AS sign, NULL AS value, 1 AS observations, data_day() AS latest
FROM shares WHERE stocks > whole / 2
UNION ALL
SELECT client_id, 'mostly_products', NULL, 1, data_day() FROM shares WHERE products > whole / 2
UNION ALL
SELECT client_id, 'mostly_cash', NULL, 1, data_day() FROM shares WHERE cash > whole / 2
UNION ALL
SELECT client_id, 'trades', NULL, count(*), max(day) FROM traded WHERE trades > 0 GROUP BY ALL
UNION ALL
SELECT client_id, 'paid_in', NULL, count(*), max(day) FROM live_flows WHERE kind = 'product_out' GROUP BY ALL
UNION ALL
SELECT client_id, 'looked_at_products', NULL, count(DISTINCT day), max(day)
FROM event_days WHERE meaning = 'product_viewed' GROUP BY ALL
"""
TRAIT = Trait(
    name="products",
    title=_("Preferred holdings"),
    values={
        "stock": _("stocks"),
        "fund": _("funds"),
        "wealth": _("wealth products"),
        "cash": _("cash"),
    },
    signs={
        "mostly_stocks": Sign(_("most of the money is in securities")),
        "mostly_products": Sign(_("most of the money is in products")),
        "mostly_cash": Sign(_("most of the money is cash")),
        "trades": Sign(_("traded securities on %(n)s days")),
        "paid_in": Sign(_("paid into products, %(n)s times")),
        "looked_at_products": Sign(_("looked at products on %(n)s days"), screen=True),
    },
    sql=SQL,
)
