-- One security in fifty has an event on a day, of any kind; one in thirty is in the news.
WITH kinds AS (
    SELECT ['dividend', 'rights', 'ipo', 'unlock', 'suspend', 'resume', 'st_on', 'delisting', 'probe', 'reduction',
        'earnings_warning', 'haircut', 'margin_list', 'cb_redeem', 'put_back', 'tender'] AS all_kinds
)
SELECT
    (the_day() - DATE '2020-01-01') * 10000 + i AS id, the_day() AS day, i AS security_id,
    'E' || (the_day() - DATE '2020-01-01') AS event_no, all_kinds[1 + pick(i, 'kind' || the_day(), 16)] AS kind,
    the_day() AS announced_on, the_day() + pick(i, 'ex', 4) AS ex_date, the_day() + 2 AS record_date,
    the_day() + 5 AS pay_date, the_day() + 7 AS last_day, 0.3 * u(i, 'value') AS value, close_of(i,
        the_day()) * 0.8 AS price,
    'subject' AS role, 'file' AS source, NULL AS article_id, '' AS article_kind, '' AS rating, NULL AS published_at,
    '' AS reversal_of, arrived() AS arrived_at
FROM range(1, tradables() + 1) r(i)
CROSS JOIN kinds
WHERE u(i, 'event' || the_day()) < 0.02
UNION ALL BY NAME
SELECT
    (the_day() - DATE '2020-01-01') * 10000 + 5000 + i AS id, the_day() AS day, i AS security_id,
    'news:' || (the_day() - DATE '2020-01-01') AS event_no, 'news' AS kind, the_day() AS announced_on,
    'subject' AS role, 'press' AS source, (the_day() - DATE '2020-01-01') * 10000 + i AS article_id,
    CASE WHEN u(i, 'research' || the_day()) < 0.3 THEN 'research' ELSE 'news' END AS article_kind, '' AS rating,
    (the_day() + INTERVAL 16 HOUR)::TIMESTAMPTZ AS published_at, '' AS reversal_of, arrived() AS arrived_at
FROM range(1, tradables() + 1) r(i)
WHERE u(i, 'news' || the_day()) < 0.03
