"""Whether he is about to leave within ninety days.

Prior: few do. Likelihood: steps of the path on which clients leave, over the last forty days (pages of closing and of
moving, fees, another bank, a designation withdrawn, securities and cash moved out), and what falls: assets and trades.
A client who trades and pays in as always stays.
"""

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Sign, Trait

SQL = """
-- reads: features, accounts 40, event_days 40, live_flows 40
WITH told AS (
    SELECT client_id, unnest([
        {'sign': CASE WHEN cash_out_ratio_7d > 0.5 THEN 'cash_gone' END, 'n': 1},
        {'sign': CASE WHEN net_outflow_weeks_consecutive > 0 THEN 'outflow' END,
            'n': net_outflow_weeks_consecutive},
        {'sign': CASE WHEN assets_vs_peak_365d < 0.5 AND assets_peak_365d > 10000 THEN 'far_below_peak' END, 'n': 1},
        {'sign': CASE WHEN days_since_last_trade > 60 AND trade_count_total > 5 THEN 'quiet' END, 'n': 1},
        {'sign': CASE WHEN net_inflow_30d > 0 THEN 'paid_in' END, 'n': 1},
        {'sign': CASE WHEN trade_count_30d > 0 THEN 'trades' END, 'n': 1}
    ], recursive := TRUE)
    FROM features
),
changed AS (
    SELECT
        client_id,
        day,
        designated_before AND NOT designated AS undesignated,
        depository_before = 'active' AND depository IN ('none', 'changing') AS rebanked
    FROM (
        SELECT
            client_id,
            day,
            designated,
            depository,
            lag(designated) OVER one AS designated_before,
            lag(depository) OVER one AS depository_before
        FROM accounts
        WINDOW one AS (PARTITION BY id ORDER BY day)
    )
)
SELECT client_id, sign, NULL AS value, n AS observations, data_day() AS latest
FROM told
WHERE sign IS NOT NULL
UNION ALL
SELECT client_id, 'designation_withdrawn', NULL, 1, max(day) FROM changed WHERE undesignated GROUP BY client_id
UNION ALL
SELECT client_id, 'bank_changed', NULL, 1, max(day) FROM changed WHERE rebanked GROUP BY client_id
UNION ALL
SELECT client_id, 'custody_out', NULL, count(DISTINCT day), max(day)
FROM live_flows
WHERE kind = 'custody_out'
GROUP BY client_id
UNION ALL
SELECT client_id, 'looked_at_fees', NULL, count(DISTINCT day), max(day)
FROM event_days
WHERE meaning = 'commission_page_viewed'
GROUP BY client_id
UNION ALL
SELECT client_id, 'looked_at_closing', NULL, count(DISTINCT day), max(day)
FROM event_days
WHERE meaning = 'service_viewed'
    AND object IN ('acct.close', 'acct.transfer_out', 'acct.custody_out', 'acct.designate', 'cash.change_bank')
GROUP BY client_id
"""
TRAIT = Trait(
    name="churn",
    title=_("Risk of leaving"),
    values={
        "stays": _("stays"),
        "leaves": _("may leave"),
    },
    signs={
        "custody_out": Sign(_("moved securities to another broker")),
        "designation_withdrawn": Sign(_("withdrew the designation of an account")),
        "bank_changed": Sign(_("changed or ended the bank")),
        "cash_gone": Sign(_("took out most of the cash in a week")),
        "outflow": Sign(_("took money out for %(n)s weeks in a row")),
        "far_below_peak": Sign(_("less than half of the highest assets of a year are left")),
        "looked_at_fees": Sign(_("looked at commissions and fees on %(n)s days"), screen=True),
        "looked_at_closing": Sign(_("looked at closing or moving an account on %(n)s days"), screen=True),
        "trades": Sign(_("traded in the last thirty days")),
        "quiet": Sign(_("no trade for sixty days, after many before")),
        "paid_in": Sign(_("paid money in")),
    },
    sql=SQL,
)
