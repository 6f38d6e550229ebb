-- What each execution counts as; amounts in CNY. `trades` are executions of securities, without subscriptions to new
-- shares and without products of the OTC market, of which `orders` are purchases and `redeemed` the amounts given back.
SELECT
    t.id,
    t.day,
    t.client_id,
    t.security_id,
    s.exchange <> 'OTC' AND t.business NOT IN ('ipo', 'fund')
        AND t.side NOT IN ('subscribe', 'redeem', 'allot', 'convert') AS trades,
    CAST(CASE
        WHEN t.side IN ('buy', 'sell') AND t.business IN ('normal', 'credit_buy', 'short_sell')
            AND s.exchange <> 'OTC' AND s.type IN ('stock', 'etf', 'lof', 'reit') THEN t.amount * coalesce(t.fx, 1)
        ELSE 0
    END AS DECIMAL(18, 2)) AS turnover,
    CAST(
        coalesce(t.commission, 0) + coalesce(t.stamp_tax, 0) + coalesce(t.transfer_fee, 0) + coalesce(t.other_fee, 0)
        AS DECIMAL(18, 2)
    ) AS fees,
    t.business = 'ipo' AND t.side = 'subscribe' AS subscriptions,
    s.exchange = 'OTC' AND t.side IN ('subscribe', 'buy') AS orders,
    CAST(CASE
        WHEN s.exchange = 'OTC' AND t.side IN ('redeem', 'sell') THEN t.amount * coalesce(t.fx, 1)
        ELSE 0
    END AS DECIMAL(18, 2)) AS redeemed,
    t.side = 'buy' OR (t.side = 'subscribe' AND s.exchange = 'OTC') AS bought,
    coalesce(s.board = 'star', false) AS star,
    t.business = 'repo' AS repo,
    CASE WHEN s.type = 'stock' AND t.side = 'buy' THEN t.quantity ELSE 0 END AS bought_shares,
    t.arrived_at
FROM trades AS t
JOIN securities AS s ON s.id = t.security_id
WHERE t.reversal_of = ''
