SELECT
    (the_day() - DATE '2020-01-01') * 10_000_000_000 + client_id AS id, the_day() AS day, client_id,
    manager_id AS staff_id,
    'phone' AS channel, true AS outbound, CASE WHEN u(client_id, 'why' || the_day()) < 0.5 THEN 'service'
        ELSE 'marketing' END AS purpose,
    (the_day() + INTERVAL 11 HOUR)::TIMESTAMPTZ AS started_at, u(client_id, 'reached' || the_day()) < 0.6 AS reached,
    arrived() AS arrived_at
FROM people
WHERE life <> 'lead' AND u(client_id, 'touched' || the_day()) < 2 / 90
