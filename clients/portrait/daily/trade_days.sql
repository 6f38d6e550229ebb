-- What each client traded on a day, whether or not it was taken back later (the state `taken_back` has that).
SELECT
    day,
    client_id,
    CAST(count(*) AS INTEGER) AS executions,
    CAST(count(*) FILTER (WHERE trades) AS INTEGER) AS trades,
    CAST(sum(turnover) AS DECIMAL(18, 2)) AS turnover,
    CAST(sum(fees) AS DECIMAL(18, 2)) AS fees,
    CAST(count(*) FILTER (WHERE subscriptions) AS INTEGER) AS subscriptions,
    CAST(count(*) FILTER (WHERE orders) AS INTEGER) AS orders,
    CAST(sum(redeemed) AS DECIMAL(18, 2)) AS redeemed,
    max(arrived_at) AS arrived_at
FROM trade_marks
GROUP BY day, client_id
