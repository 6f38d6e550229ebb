SELECT
    client_id AS id, the_day() AS day, client_id, client_id * 10 + 4 AS account_id, 0.1 * debt AS cash,
    (ratio - 0.1) * debt AS collateral_value, debt, ratio, wealth * 2 AS credit_line, 1.5 AS warn_line,
    1.4 AS call_line,
    1.3 AS close_line, CASE WHEN ratio < 1.4 THEN the_day() - pick(client_id, 'called', 4) END AS call_day,
    arrived() AS arrived_at, NULL AS replaced_at
FROM (
    SELECT client_id, wealth, wealth * (0.1 + 1.8 * u(client_id, 'debt')) AS debt, 1.15 + 2.5 * u(client_id,
        'ratio') AS ratio
    FROM people
    WHERE life = 'margin'
)
