SELECT
    (the_day() - DATE '2020-01-01') * 10000 + i AS id, the_day() AS day, i AS security_id,
    prev_close AS open, greatest(close, prev_close) AS high, least(close, prev_close) AS low, close, prev_close,
    1000000 AS volume, 10000000 AS amount, limit_up, limit_down,
    CASE WHEN u(i, the_day()) < 0.01 THEN 'suspended' ELSE 'trading' END AS status,
    false AS adjusted, false AS jump, arrived() AS arrived_at
FROM (
    SELECT
        i, close_of(i, the_day() - 1) AS prev_close,
        round(close_of(i, the_day() - 1) * 1.1, 2) AS limit_up,
        round(close_of(i, the_day() - 1) * 0.9, 2) AS limit_down,
        CASE WHEN u(i, the_day()) < 0.03 THEN limit_up WHEN u(i, the_day()) < 0.05 THEN limit_down ELSE close_of(i,
            the_day()) END AS close
    FROM range(1, tradables() + 1) r(i)
)
