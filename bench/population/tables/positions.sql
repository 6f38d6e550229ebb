SELECT
    client_id * 100 + k AS id, the_day() AS day, client_id,
    client_id * 10 + CASE WHEN life = 'margin' AND k % 2 = 1 THEN 4 ELSE 1 END AS account_id,
    security_id, quantity, quantity AS available, 0 AS frozen, 0 AS unsettled,
    last_price / (0.6 + 1.2 * u(client_id, 'cost' || k)) AS cost_price, last_price,
    quantity * last_price AS market_value,
    life = 'margin' AND k % 2 = 1 AS collateral, arrived() AS arrived_at, NULL AS replaced_at
FROM (
    SELECT
        *, close_of(security_id, the_day()) AS last_price,
        greatest(round(wealth * 0.7 / n * -ln(1 - u(client_id, 'weight' || k)) / last_price / 100), 1) * 100 AS quantity
    FROM (SELECT *, unnest(range(n)) AS k, security_of(client_id, k) AS security_id
        FROM (SELECT *, drawn(10 * holdings, u(client_id, 'holdings')) AS n FROM people))
)
