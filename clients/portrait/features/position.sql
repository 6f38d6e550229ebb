-- Holdings at the close of the day, and the largest one with its last closing price.
-- Of holdings of equal value the smaller symbol leads. `closes` has the bar of each exchange's last trading day.
-- reads: holdings, assets, closes, securities
WITH largest AS (
    SELECT
        client_id,
        sum(market_value) AS position_market_value,
        max(market_value) AS market_value,
        arg_max(security_id, {'value': market_value, 'place': -place}) AS security_id
    FROM holdings
    GROUP BY client_id
)
SELECT
    l.client_id,
    l.position_market_value,
    s.name AS top1_security_name,
    l.market_value / nullif(a.total, 0) AS top1_position_ratio,
    c.pct_chg AS top1_pct_chg_1d,
    c.limit_status AS top1_limit_status,
    s.code || '.' || s.exchange AS top1_security_name__key,
    top1_security_name__key AS top1_position_ratio__key,
    top1_security_name__key AS top1_pct_chg_1d__key,
    top1_security_name__key AS top1_limit_status__key
FROM largest AS l
JOIN securities AS s ON s.id = l.security_id
LEFT JOIN assets AS a USING (client_id)
LEFT JOIN closes AS c USING (security_id)
