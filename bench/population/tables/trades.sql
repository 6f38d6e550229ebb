-- Fifty executions a client over ninety days on average; one in two thousand takes back the one before it.
SELECT
    (the_day() - DATE '2020-01-01') * 10_000_000_000 + client_id * 100 + k AS id, the_day() AS day, client_id,
    client_id * 10 + CASE WHEN business = 'credit_buy' THEN 4 ELSE 1 END AS account_id,
    CASE business WHEN 'repo' THEN tradables() + 1 + d % 4 WHEN 'fund' THEN first_otc() + 1 + d % products()
        ELSE security_of(client_id, d % 10) END AS security_id,
    'SH' AS exchange, client_id || '-' || k AS trade_no,
    CASE business WHEN 'repo' THEN 'lend' WHEN 'ipo' THEN 'subscribe'
        WHEN 'fund' THEN CASE WHEN d % 3 = 0 THEN 'redeem' ELSE 'subscribe' END
        ELSE CASE WHEN d % 100 < CASE life WHEN 'leaver' THEN 20 ELSE 52 END THEN 'buy' ELSE 'sell' END END AS side,
    (the_day() + to_seconds(34200 + d % 7000))::TIMESTAMPTZ AS time, business,
    100 * (1 + d % 20) AS quantity, close_of(security_id, the_day()) AS price, quantity * price AS amount, 1 AS fx,
    amount AS net_amount, greatest(amount * 0.0003, 5) AS commission,
    CASE side WHEN 'sell' THEN amount * 0.0005 ELSE 0 END AS stamp_tax,
    amount * 0.00001 AS transfer_fee, 0 AS other_fee, 'CNY' AS currency,
    (ARRAY['app', 'app', 'pc', 'api'])[1 + d % 4] AS channel,
    CASE WHEN k = 1 AND d % 2000 = 7 THEN client_id || '-0' ELSE '' END AS reversal_of, arrived() AS arrived_at
FROM (
    SELECT *, CASE WHEN life = 'margin' AND d % 3 = 0 THEN 'credit_buy' WHEN d % 50 = 1 THEN 'repo' WHEN d % 50 = 2
        THEN 'ipo'
        WHEN d % 50 IN (3, 4) THEN 'fund' ELSE 'normal' END AS business
    FROM (SELECT *, unnest(range(n)) AS k, pick(client_id, the_day() || '/' || k, 1_000_000) AS d
        FROM (SELECT *, drawn(50 / trading_days() * trades, u(client_id, 'trades' || the_day())) AS n FROM people)
        WHERE n > 0)
)
