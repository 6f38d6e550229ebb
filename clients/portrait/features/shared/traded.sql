-- What each client traded day by day, less what was taken back since: `daily/trade_marks.sql` tells what counts.
-- reads: trade_days, taken_back 1
WITH lost AS (
    SELECT
        client_id,
        day,
        count(*) AS executions,
        sum(trades) AS trades,
        sum(turnover) AS turnover,
        sum(fees) AS fees,
        sum(subscriptions) AS subscriptions,
        sum(orders) AS orders,
        sum(redeemed) AS redeemed
    FROM taken_back
    GROUP BY client_id, day
)
SELECT
    d.day,
    d.client_id,
    d.executions - coalesce(l.executions, 0) AS executions,
    d.trades - coalesce(l.trades, 0) AS trades,
    d.turnover - coalesce(l.turnover, 0) AS turnover,
    d.fees - coalesce(l.fees, 0) AS fees,
    d.subscriptions - coalesce(l.subscriptions, 0) AS subscriptions,
    d.orders - coalesce(l.orders, 0) AS orders,
    d.redeemed - coalesce(l.redeemed, 0) AS redeemed
FROM trade_days AS d
LEFT JOIN lost AS l USING (client_id, day)
