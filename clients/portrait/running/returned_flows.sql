-- Transfers that a later line took back: to be taken off sums over days.
SELECT * FROM before
UNION ALL BY NAME
SELECT id, day, client_id, CAST(amount AS DECIMAL(18, 2)) AS moved
FROM reversed_flows
WHERE kind IN ('bank_in', 'bank_out', 'custody_in', 'custody_out') AND currency = 'CNY'
