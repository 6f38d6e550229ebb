-- A hundred events a client over ninety days on average, with the context that the SDKs of the Segment API send.
WITH plan AS (
    SELECT ['page_viewed', 'page_viewed', 'page_viewed', 'page_viewed', 'page_viewed', 'holdings_viewed',
        'holdings_viewed',
        'stock_viewed', 'stock_viewed', 'stock_viewed', 'stock_viewed', 'article_viewed', 'article_viewed', 'search',
        'product_viewed', 'news_push_delivered'] AS often,
        ['commission_page_viewed', 'margin_page_viewed', 'watchlist_added', 'watchlist_removed', 'checkout_started',
        'order_submitted', 'lesson_completed', 'webinar_registered', 'news_push_opened', 'news_preferences_saved',
        'annual_statement_viewed', 'push_unregistered', 'chart_zoomed', 'chart_zoomed', 'product_viewed',
        'product_viewed']
        AS seldom
),
lines AS (
    SELECT *, unnest(range(n)) AS k, pick(client_id, the_day() || '#' || k, 1_000_000) AS d
    FROM (SELECT *, drawn(100 / 90 * events, u(client_id, 'events' || the_day())) AS n FROM people)
    WHERE n > 0
),
named AS (
    SELECT *, CASE WHEN k = 0 AND d % 100 < 60 THEN 'signed_in' WHEN d % 3000 = 1 THEN 'sign_in_locked'
        WHEN d % 100 < 88 THEN often[1 + d // 100 % 16] ELSE seldom[1 + d // 100 % 16] END AS event
    FROM lines
    CROSS JOIN plan
)
SELECT
    the_day() AS day, md5(client_id || '/' || the_day() || '/' || k) AS message_id,
    CASE event WHEN 'page_viewed' THEN 'page' ELSE 'track' END AS type, event, client_id, 'd' || client_id AS anonymous_id,
    (the_day() + to_seconds(28800 + d % 40000))::TIMESTAMPTZ AS happened_at, happened_at AS sent_at,
    CASE d % 4 WHEN 0 THEN 'web' ELSE 'app' END AS channel, 'mobile' AS device, 'city ' || CASE WHEN d % 97 = 0
        THEN d % 40 ELSE client_id % 40 END AS city,
    '{"channel":"app","device":{"id":"' || md5((client_id * 7 + CASE WHEN d % 89 = 0 THEN d ELSE 0 END)::VARCHAR)
    || '","type":"mobile","model":"M' || client_id % 50 || '"},"app":{"version":"8.1.' || client_id % 9
    || '"},"location":{"city":"city ' || client_id % 40 || '"},"os":{"name":"os","version":"18.' || client_id % 6
        || '"}}' AS context,
    CASE
        WHEN event IN ('stock_viewed', 'search', 'watchlist_added', 'watchlist_removed')
            THEN '{"symbol":"' || 600000 + security_of(client_id, d % 12) || '.SH","dwell_ms":' || d % 60000 || '}'
        WHEN event = 'product_viewed' THEN '{"ta_code":"T1","product_code":"F'
            || lpad((1 + (client_id + d % 3) % products())::VARCHAR, 5, '0') || '","dwell_ms":' || d % 60000 || '}'
        WHEN event = 'article_viewed' THEN '{"article_id":"' || (the_day() - DATE '2020-01-01') * 10000 + d % 1000
            || '","dwell_ms":' || d % 60000 || '}'
        WHEN event IN ('checkout_started', 'order_submitted') THEN '{"checkout_id":"' || client_id || '-'
            || the_day() || '"}'
        WHEN event LIKE 'news_push%' THEN '{"push_id":"' || the_day() || '-' || d % 9 || '"}'
        WHEN event = 'lesson_completed' THEN '{"lesson":"' || d % 10 || '"}'
        WHEN event = 'webinar_registered' THEN '{"starts_on":"' || the_day() + 3 || '","webinar_id":"' || d % 5 || '"}'
        WHEN event = 'annual_statement_viewed' THEN '{"year":"2025"}'
        ELSE '{"path":"/' || event || '","dwell_ms":' || d % 60000 || '}'
    END AS properties,
    arrived() AS arrived_at
FROM named
