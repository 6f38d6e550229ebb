SELECT
    client_id * 10 + k AS id, the_day() AS day, client_id, client_id * 10 + 1 AS account_id,
    1 + pick(client_id, 'product' || k, products()) AS product_id, value AS shares,
    value / (0.7 + 0.6 * u(client_id, k)) AS cost,
    value * (0.9 + 0.2 * u(client_id, the_day())) AS market_value, arrived() AS arrived_at, NULL AS replaced_at
FROM (
    SELECT client_id, unnest(range(CASE life WHEN 'saver' THEN 3 ELSE 1 END)) AS k,
        wealth * (0.1 + 0.3 * u(client_id, 'saved')) AS value
    FROM people
    WHERE life = 'saver' OR (life IN ('holder', 'leaver') AND u(client_id, 'saves') < 0.2)
)
