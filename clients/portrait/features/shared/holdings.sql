-- What a client holds at the close of the day, over all his accounts; products of the OTC market are no holdings.
-- Only what is held in CNY: the files bring no exchange rate.
-- reads: positions 1, securities
SELECT
    p.client_id,
    p.security_id,
    any_value(s.code || '.' || s.exchange) AS symbol,
    any_value(s.name) AS name,
    sum(p.market_value) AS market_value
FROM positions AS p
JOIN securities AS s ON s.id = p.security_id
WHERE p.quantity > 0 AND s.exchange <> 'OTC' AND s.currency = 'CNY'
GROUP BY p.client_id, p.security_id
