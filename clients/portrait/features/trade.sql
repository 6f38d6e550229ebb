-- Trading: counts and amounts of windows, totals since the account was opened, what comes back today.
-- reads: traded 30, trade_totals
WITH recent AS (
    SELECT
        client_id,
        count(*) FILTER (WHERE executions > 0) AS trade_days_30d
    FROM traded
    GROUP BY client_id
)
SELECT client_id, coalesce(trade_days_30d, 0) AS trade_days_30d, data_day() - first_day AS days_since_first_trade
FROM trade_totals
LEFT JOIN recent USING (client_id)
