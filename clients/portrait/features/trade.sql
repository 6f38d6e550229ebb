-- Activity: days with executions in the window, and the first execution ever.
-- reads: live_trades 30, first_trades
SELECT
    client_id,
    count(DISTINCT day) AS trade_days_30d,
    data_day() - any_value(first_day) AS days_since_first_trade
FROM first_trades
LEFT JOIN live_trades USING (client_id)
GROUP BY client_id
