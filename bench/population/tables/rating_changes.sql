SELECT i AS id, i AS security_id, 'R' || i AS event_no, the_day() - pick(i, 'changed', 30) AS changed_on,
    (ARRAY['buy', 'add', 'hold', 'reduce'])[1 + pick(i, 'rating', 4)] AS rating,
    (ARRAY['buy', 'add', 'hold', 'reduce'])[1 + (pick(i, 'rating', 4) + 1) % 4] AS rating_before
FROM range(1, tradables() + 1) r(i)
WHERE u(i, 'rated') < 0.1
