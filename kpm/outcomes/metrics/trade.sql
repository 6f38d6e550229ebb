-- Executions that stand: of securities, of reverse repos, subscriptions to new shares, and purchases of products whose
-- level the client's assessment reaches. Which product an execution is of, the code of its security tells.
-- reads: live_trades, securities, products, assessments
WITH levels AS (SELECT product_code, max(risk_level) AS risk_level FROM products GROUP BY product_code),
done AS (
    SELECT
        s.hit_id,
        t.business,
        t.side,
        x.exchange = 'OTC' AS is_product,
        t.amount * coalesce(t.fx, 1) AS amount,
        l.risk_level <= a.level AS fits
    FROM spans AS s
    JOIN live_trades AS t ON t.client_id = s.client_id AND within(t.day, t.time, s.after, s.until, s.since)
    JOIN securities AS x ON x.id = t.security_id
    LEFT JOIN levels AS l ON l.product_code = x.code
    LEFT JOIN assessments AS a ON a.client_id = s.client_id AND a.seen_on = s.until_seen
)
SELECT
    s.hit_id,
    count(*) FILTER (
        WHERE NOT d.is_product AND d.business NOT IN ('ipo', 'fund')
            AND d.side NOT IN ('subscribe', 'redeem', 'allot', 'convert')
    ) AS since_hit_trade_cnt,
    count(*) FILTER (WHERE d.business = 'ipo' AND d.side = 'subscribe') AS since_hit_ipo_subscribe_cnt,
    count(*) FILTER (WHERE d.business = 'repo' AND d.side IN ('lend', 'sell')) AS since_hit_repo_trade_cnt,
    coalesce(sum(d.amount) FILTER (WHERE d.is_product AND d.side IN ('subscribe', 'buy') AND d.fits), 0)
        AS since_hit_product_amt
FROM spans AS s
LEFT JOIN done AS d USING (hit_id)
GROUP BY s.hit_id
