-- The day of each client's first execution that stands.
SELECT client_id, min(first_day) AS first_day
FROM (
    SELECT client_id, first_day FROM before
    UNION ALL
    SELECT client_id, day AS first_day FROM live_trades
)
GROUP BY client_id
