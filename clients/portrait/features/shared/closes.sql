-- The bar of every security on the last trading day of its exchange.
-- reads: bars 15, securities
SELECT b.*
FROM bars AS b
JOIN securities AS s ON s.id = b.security_id
JOIN last_open AS o ON o.exchange = s.exchange AND o.day = b.day
