-- Executions that a later line took back, each with what it had counted as: to be taken off sums over days.
SELECT * FROM before
UNION ALL BY NAME
SELECT id, day, client_id, trades::INT AS trades, turnover, fees, subscriptions::INT AS subscriptions,
    orders::INT AS orders, redeemed, security_id, bought_shares
FROM trade_marks
