-- What a client holds at the close of the day, over all his accounts; products of the OTC market are no holdings.
-- Only what is held in CNY: the files bring no exchange rate. `place` orders securities by symbol.
-- reads: positions 1, securities
SELECT p.client_id, p.security_id, s.place, sum(p.market_value) AS market_value
FROM positions AS p
JOIN (
    SELECT id, row_number() OVER (ORDER BY code, exchange) AS place
    FROM securities
    WHERE exchange <> 'OTC' AND currency = 'CNY'
) AS s ON s.id = p.security_id
WHERE p.quantity > 0
GROUP BY p.client_id, p.security_id, s.place
