"""Whether he is about to leave within ninety days.

Prior: few do. Likelihood: steps of the path on which clients leave (fees looked at, bank changed, securities and cash
moved out) and what falls: assets, visits, trades. A client who comes and trades as always stays.
"""

from django.utils.translation import gettext_lazy as _

from clients.portrait.traits.trait import Sign, Trait

SQL = """
-- reads: features, accounts 8
WITH told AS (
    SELECT client_id, unnest([
        {'sign': CASE WHEN custody_transfer_out_value_7d > 0 THEN 'custody_out' END, 'n': 1},
        {'sign': CASE WHEN depository_change_applied_1d OR depository_bank_status IN ('none', 'changing')
            THEN 'bank_changed' END, 'n': 1},
        {'sign': CASE WHEN cash_out_ratio_7d > 0.5 THEN 'cash_gone' END, 'n': 1},
        {'sign': CASE WHEN net_outflow_weeks_consecutive > 0 THEN 'outflow' END,
            'n': net_outflow_weeks_consecutive},
        {'sign': CASE WHEN assets_vs_peak_365d < 0.5 AND assets_peak_365d > 10000 THEN 'far_below_peak' END, 'n': 1},
        {'sign': CASE WHEN commission_page_view_cnt_7d > 0 THEN 'looked_at_fees' END,
            'n': commission_page_view_cnt_7d},
        {'sign': CASE WHEN days_since_last_trade > 60 AND trade_count_total > 5 THEN 'quiet' END, 'n': 1},
        {'sign': CASE WHEN days_since_last_login > 30 THEN 'not_seen' END, 'n': 1},
        {'sign': CASE WHEN login_days_30d >= 4 AND days_since_last_login <= 7 THEN 'comes' END, 'n': 1},
        {'sign': CASE WHEN net_inflow_30d > 0 THEN 'paid_in' END, 'n': 1}
    ], recursive := TRUE)
    FROM features
)
SELECT client_id, sign, NULL AS value, n AS observations, data_day() AS latest
FROM told
WHERE sign IS NOT NULL
UNION ALL
SELECT client_id, 'designation_withdrawn', NULL, 1, max(day)
FROM (
    SELECT client_id, day, designated, lag(designated) OVER (PARTITION BY id ORDER BY day) AS designated_before
    FROM accounts
)
WHERE designated_before AND NOT designated
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
        "looked_at_fees": Sign(_("looked at commissions, %(n)s times in a week"), screen=True),
        "quiet": Sign(_("no trade for sixty days, after many before")),
        "not_seen": Sign(_("no sign-in for thirty days"), screen=True),
        "comes": Sign(_("comes as always"), screen=True),
        "paid_in": Sign(_("paid money in")),
    },
    sql=SQL,
)
