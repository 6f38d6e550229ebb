-- Holdings at the close of the day, and the largest one with its last closing price.
-- Of holdings of equal value the smaller symbol leads. `closes` has the bar of each exchange's last trading day.
-- reads: holdings, assets, closes
WITH largest AS (
    SELECT
        client_id,
        sum(market_value) AS position_market_value,
        arg_min(security_id, {'value': -market_value, 'symbol': symbol}) AS security_id,
        arg_min(symbol, {'value': -market_value, 'symbol': symbol}) AS symbol,
        arg_min(name, {'value': -market_value, 'symbol': symbol}) AS name,
        max(market_value) AS market_value
    FROM holdings
    GROUP BY client_id
)
SELECT
    l.client_id,
    l.position_market_value,
    l.name AS top1_security_name,
    l.market_value / nullif(a.total, 0) AS top1_position_ratio,
    c.pct_chg AS top1_pct_chg_1d,
    c.limit_status AS top1_limit_status,
    l.symbol AS top1_security_name__key,
    l.symbol AS top1_position_ratio__key,
    l.symbol AS top1_pct_chg_1d__key,
    l.symbol AS top1_limit_status__key
FROM largest AS l
LEFT JOIN assets AS a USING (client_id)
LEFT JOIN closes AS c USING (security_id)
