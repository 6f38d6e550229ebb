-- What a client holds at the close of the day, over all his accounts; products of the OTC market are no holdings.
-- Only what is held in CNY: the files bring no exchange rate. `place` orders securities by symbol. `cost` is NULL where
-- no file gave a price of cost.
-- reads: positions 1, securities
SELECT
    p.client_id,
    p.security_id,
    s.place,
    s.board,
    s.industry,
    s.risk_flag,
    s.type,
    sum(p.quantity) AS quantity,
    sum(p.market_value) AS market_value,
    sum(p.market_value) FILTER (WHERE p.cost_price IS NOT NULL) AS value_of_known_cost,
    sum(p.cost_price * p.quantity * s.unit) AS cost
FROM positions AS p
JOIN (
    SELECT *, row_number() OVER (ORDER BY code, exchange) AS place
    FROM securities
    WHERE exchange <> 'OTC' AND currency = 'CNY'
) AS s ON s.id = p.security_id
WHERE p.quantity > 0
GROUP BY p.client_id, p.security_id, s.place, s.board, s.industry, s.risk_flag, s.type
