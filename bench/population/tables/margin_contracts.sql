SELECT
    client_id * 10 + k AS id, the_day() AS day, client_id, client_id * 10 + 4 AS account_id,
    'C' || client_id || '-' || k AS contract_no, CASE WHEN u(client_id, 'short' || k) < 0.05 THEN 'short'
        ELSE 'financing' END AS kind,
    security_of(client_id, k) AS security_id, the_day() - 170 + pick(client_id, 'opened' || k, 160) AS opened_on,
    the_day() - 5 + pick(client_id, 'due' || k, 170) AS due_on, wealth * 0.3 AS principal, 100 AS quantity,
    wealth * 0.3 AS outstanding, wealth * 0.002 AS interest, 0.05 + 0.03 * u(client_id, 'rate') AS rate, 0 AS extended,
    CASE WHEN u(client_id, 'sold' || k) < 0.005 THEN 'liquidated' ELSE 'open' END AS status, arrived() AS arrived_at,
    NULL AS replaced_at
FROM (SELECT *, unnest(range(3)) AS k FROM people WHERE life = 'margin')
