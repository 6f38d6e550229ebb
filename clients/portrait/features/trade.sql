-- Activity: days with executions in the window, and the first execution ever.
-- Each day of the window is one bit of a number: cheaper than counting distinct days.
-- reads: live_trades 30, first_trades
WITH active AS (
    SELECT client_id, bit_count(bit_or(1::BIGINT << (data_day() - day))) AS days
    FROM live_trades
    GROUP BY client_id
)
SELECT client_id, days AS trade_days_30d, data_day() - first_day AS days_since_first_trade
FROM first_trades
LEFT JOIN active USING (client_id)
