-- Cash at the close of the day, transfers of the last days and weeks, and since when cash lies idle.
-- A week of outflow is a whole one, Monday to Sunday; more than a year of them is not looked for.
-- reads: clients, normal_cash, assets, asset_averages, cash_marks, asset_marks, trade_totals, live_flows 30, flowed 380
WITH recent AS (
    SELECT
        client_id,
        sum(amount) FILTER (WHERE kind = 'bank_in' AND day > prev_day()) AS cash_in_1d,
        -sum(amount) FILTER (WHERE kind = 'bank_out' AND day > prev_day()) AS cash_out_1d,
        -sum(amount) FILTER (WHERE kind = 'bank_out' AND day > data_day() - 7) AS cash_out_7d,
        sum(amount) FILTER (WHERE kind IN ('bank_in', 'bank_out', 'custody_in', 'custody_out')) AS net_inflow_30d,
        sum(amount) FILTER (WHERE kind = 'dividend' AND day > prev_day()) AS dividend_credit_amt_1d,
        arg_max(id, place) FILTER (WHERE kind = 'bank_in' AND day > prev_day()) AS paid_in,
        arg_max(id, place) FILTER (WHERE kind = 'bank_out' AND day > prev_day()) AS paid_out,
        arg_max(id, place) FILTER (WHERE kind = 'dividend' AND day > prev_day()) AS dividend
    FROM (SELECT *, {'day': day, 'time': coalesce(time, day::TIMESTAMPTZ), 'id': id} AS place FROM live_flows)
    WHERE currency = 'CNY'
    GROUP BY client_id
),
weeks AS (
    SELECT client_id, datediff('week', date_trunc('week', day), date_trunc('week', data_day())) AS ago
    FROM flowed
    GROUP BY client_id, ago
    HAVING ago > 0 AND sum(moved) < 0
),
leaving AS (
    SELECT client_id, count(*) AS weeks
    FROM (SELECT *, ago - row_number() OVER (PARTITION BY client_id ORDER BY ago) AS gap FROM weeks)
    WHERE gap = 0
    GROUP BY client_id
),
idle AS (
    SELECT
        client_id,
        data_day() - greatest(a.idle_since, t.bought_on + 1, c.paid_into_product_on + 1) + 1 AS days
    FROM asset_marks AS a
    LEFT JOIN trade_totals AS t USING (client_id)
    LEFT JOIN cash_marks AS c USING (client_id)
    WHERE a.idle_since IS NOT NULL
)
SELECT
    client_id,
    CASE WHEN n.client_id IS NOT NULL THEN greatest(n.cash, 0) END AS cash_available,
    CASE WHEN v.has_fund_account THEN v.cash / nullif(v.total, 0) END AS cash_ratio,
    CASE WHEN n.client_id IS NOT NULL THEN greatest(coalesce(i.days, 0), 0) END AS cash_idle_days,
    CASE WHEN n.client_id IS NOT NULL THEN m.funded_on IS NOT NULL END AS has_funded,
    data_day() - m.funded_on AS days_since_first_funding,
    r.cash_in_1d,
    r.cash_out_1d,
    coalesce(r.cash_out_1d, 0) / nullif(b.total_last_batch, 0) AS cash_out_ratio_1d,
    coalesce(r.cash_out_7d, 0) / nullif(b.total_week_ago, 0) AS cash_out_ratio_7d,
    r.net_inflow_30d,
    l.weeks AS net_outflow_weeks_consecutive,
    r.dividend_credit_amt_1d,
    r.paid_in::VARCHAR AS cash_in_1d__key,
    r.paid_out::VARCHAR AS cash_out_1d__key,
    r.paid_out::VARCHAR AS cash_out_ratio_1d__key,
    r.dividend::VARCHAR AS dividend_credit_amt_1d__key
FROM clients AS c
LEFT JOIN normal_cash AS n USING (client_id)
LEFT JOIN assets AS v USING (client_id)
LEFT JOIN asset_averages AS b USING (client_id)
LEFT JOIN cash_marks AS m USING (client_id)
LEFT JOIN idle AS i USING (client_id)
LEFT JOIN recent AS r USING (client_id)
LEFT JOIN leaving AS l USING (client_id)
