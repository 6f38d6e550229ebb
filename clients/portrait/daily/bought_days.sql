-- Shares that each client bought on a day, whether or not it was taken back later (`taken_back` has that).
SELECT t.day, t.client_id, t.security_id, sum(t.quantity) AS quantity, max(t.arrived_at) AS arrived_at
FROM trades AS t
JOIN securities AS s ON s.id = t.security_id
WHERE s.type = 'stock' AND t.side = 'buy' AND t.reversal_of = ''
GROUP BY t.day, t.client_id, t.security_id
