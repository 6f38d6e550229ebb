-- Money lent by reverse repos of which the last may still be running: the longest term is half a year.
SELECT id, client_id, security_id, day, amount, price
FROM (
    SELECT * FROM before
    UNION ALL BY NAME
    SELECT id, client_id, security_id, day, amount, price
    FROM live_trades
    WHERE business = 'repo' AND side IN ('lend', 'sell')
)
WHERE day > (SELECT max(day) FROM rows) - 200
