"""The risk that he takes with his money, whatever he declared.

Prior: the middle. Likelihood: what he buys (the third of all stocks by daily swing over 90 days), what he holds (share
in securities, in those of high risk, debt) and, less, the level of his newest questionnaire: people answer it as they
would like to be. That it has lapsed forbids deals, and tells nothing new about him.
"""

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Sign, Trait

SQL = """
-- reads: features, assessments, live_trades 250, bars 90, securities
WITH swings AS (
    SELECT security_id, percent_rank() OVER (ORDER BY avg(abs(close / prev_close - 1)), security_id) AS place
    FROM bars AS b
    JOIN securities AS s ON s.id = b.security_id AND s.type = 'stock'
    WHERE b.status <> 'suspended' AND b.prev_close > 0 AND b.day > data_day() - 90
    GROUP BY security_id
),
known AS (
    SELECT
        f.client_id,
        a.newest_level AS level,
        assets_avg_20td AS assets,
        coalesce(position_market_value, 0) / nullif(assets_avg_20td, 0) AS invested,
        coalesce(high_risk_holding_ratio, 0) AS risky,
        coalesce(margin_debt, 0) AS debt,
        coalesce(turnover_ratio_30d, 0) AS turned
    FROM features AS f
    LEFT JOIN assessments AS a USING (client_id)
),
told AS (
    SELECT client_id, unnest([
        CASE WHEN level <= 2 THEN 'declared_low' WHEN level = 3 THEN 'declared_medium'
            WHEN level >= 4 THEN 'declared_high' END,
        CASE WHEN assets > 0 AND invested < 0.2 THEN 'little_in_securities'
            WHEN assets > 0 AND invested > 0.7 THEN 'much_in_securities' END,
        CASE WHEN risky > 0.2 THEN 'high_risk_held' END,
        CASE WHEN debt > 0 THEN 'borrows' END,
        CASE WHEN turned > 1 THEN 'turns_over' END,
        CASE WHEN assets > 0 AND invested = 0 THEN 'none_risky' END
    ]) AS sign
    FROM known
)
SELECT client_id, sign, NULL AS value, 1 AS observations, data_day() AS latest
FROM told
WHERE sign IS NOT NULL
UNION ALL
SELECT
    t.client_id,
    CASE WHEN w.place > 2 / 3 THEN 'bought_wild' WHEN w.place < 1 / 3 THEN 'bought_calm' ELSE 'bought_middling' END,
    NULL,
    count(DISTINCT t.day),
    max(t.day)
FROM live_trades AS t
JOIN swings AS w ON w.security_id = t.security_id
WHERE t.side = 'buy' AND t.business IN ('normal', 'credit_buy')
GROUP BY ALL
"""
TRAIT = Trait(
    name="risk_appetite",
    title=_("Risk taken"),
    values={
        "low": _("little"),
        "medium": _("some"),
        "high": _("much"),
    },
    signs={
        "bought_calm": Sign(_("bought stocks that swing little, on %(n)s days")),
        "bought_middling": Sign(_("bought stocks that swing as most do, on %(n)s days")),
        "bought_wild": Sign(_("bought stocks that swing much, on %(n)s days")),
        "declared_low": Sign(_("the questionnaire says conservative")),
        "declared_medium": Sign(_("the questionnaire says balanced")),
        "declared_high": Sign(_("the questionnaire says aggressive")),
        "little_in_securities": Sign(_("less than a fifth of the money is in securities")),
        "much_in_securities": Sign(_("more than seven tenths of the money are in securities")),
        "high_risk_held": Sign(_("holds securities of high risk")),
        "borrows": Sign(_("has borrowed to buy")),
        "turns_over": Sign(_("turned the money over in a month")),
        "none_risky": Sign(_("holds nothing riskier than funds")),
    },
    sql=SQL,
)
