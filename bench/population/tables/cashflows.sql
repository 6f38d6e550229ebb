SELECT
    (the_day() - DATE '2020-01-01') * 10_000_000_000 + client_id AS id, the_day() AS day, client_id,
    client_id * 10 + 1 AS account_id,
    'F' || client_id AS flow_no, (the_day() + INTERVAL 10 HOUR)::TIMESTAMPTZ AS time, kind,
    CASE WHEN kind IN ('bank_in', 'dividend', 'product_in') THEN 1 ELSE -1 END * wealth * 0.4 * u(client_id, 'flow'
        || the_day()) AS amount,
    CASE life WHEN 'leaver' THEN 100 ELSE wealth * (0.05 + 0.6 * u(client_id, 'cash')) END AS balance_after,
    'CNY' AS currency,
    CASE WHEN kind IN ('dividend', 'custody_out') THEN security_of(client_id, 0) WHEN kind LIKE 'product%'
        THEN first_otc() + 1 + client_id % products() END AS security_id,
    '' AS reversal_of, arrived() AS arrived_at
FROM (
    SELECT *, CASE WHEN life = 'leaver' THEN (ARRAY['bank_out', 'bank_out', 'custody_out',
        'product_in'])[1 + pick(client_id, 'kind' || the_day(), 4)]
        ELSE (ARRAY['bank_in', 'bank_in', 'bank_out', 'dividend', 'product_in', 'product_out'])[1 + pick(client_id,
            'kind' || the_day(), 6)] END AS kind
    FROM people
    WHERE opened_on <= the_day() AND life <> 'closed' AND u(client_id, 'flows' || the_day()) < 4 / trading_days()
)
