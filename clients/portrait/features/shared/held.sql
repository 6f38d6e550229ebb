-- The securities that a client holds at the close of the day, whatever they are traded in; products are none of them.
-- `market_value` is NULL unless it is in CNY: the files bring no exchange rate.
-- reads: positions 1, securities
SELECT
    p.client_id,
    p.security_id,
    s.code || '.' || s.exchange AS symbol,
    s.type,
    s.status,
    s.industry,
    sum(p.quantity) AS quantity,
    max(p.last_price) AS last_price,
    CASE WHEN s.currency = 'CNY' THEN sum(p.market_value) END AS market_value
FROM positions AS p
JOIN securities AS s ON s.id = p.security_id
WHERE p.quantity > 0 AND s.exchange <> 'OTC'
GROUP BY p.client_id, p.security_id, s.code, s.exchange, s.type, s.status, s.industry, s.currency
