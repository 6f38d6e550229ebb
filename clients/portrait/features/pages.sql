-- What a client looks at, from the roll-up of his events (clients/behaviour/rollup.py): kinds of pages, searches, and the
-- same security day after day. A page that is kept in sight adds to how long its kind was seen, not to how often.
-- reads: clients, event_days 90
WITH kinds AS (
    SELECT
        client_id,
        page,
        coalesce(sum(times) FILTER (WHERE seen AND lately), 0) AS times,
        max(day) FILTER (WHERE seen) AS last_day,
        bit_count(bit_or(CASE WHEN seen AND lately THEN 1::BIGINT << (data_day() - day) END)) AS days,
        sum(dwell_ms) FILTER (WHERE lately) / 1000 AS dwell
    FROM (SELECT *, meaning <> 'page_left' AS seen, day > data_day() - 30 AS lately FROM event_days WHERE page IS NOT NULL)
    GROUP BY client_id, page
),
looked AS (
    SELECT
        client_id,
        max(times) FILTER (WHERE page = 'security') AS page_security_cnt_30d,
        data_day() - max(last_day) FILTER (WHERE page = 'security') AS days_since_page_security_90d,
        max(dwell) FILTER (WHERE page = 'security') AS page_security_dwell_30d,
        max(times) FILTER (WHERE page = 'news') AS page_news_cnt_30d,
        data_day() - max(last_day) FILTER (WHERE page = 'news') AS days_since_page_news_90d,
        max(dwell) FILTER (WHERE page = 'news') AS page_news_dwell_30d,
        max(times) FILTER (WHERE page = 'research') AS page_research_cnt_30d,
        data_day() - max(last_day) FILTER (WHERE page = 'research') AS days_since_page_research_90d,
        max(dwell) FILTER (WHERE page = 'research') AS page_research_dwell_30d,
        max(times) FILTER (WHERE page = 'product') AS page_product_cnt_30d,
        data_day() - max(last_day) FILTER (WHERE page = 'product') AS days_since_page_product_90d,
        max(dwell) FILTER (WHERE page = 'product') AS page_product_dwell_30d,
        max(times) FILTER (WHERE page = 'service') AS page_service_cnt_30d,
        data_day() - max(last_day) FILTER (WHERE page = 'service') AS days_since_page_service_90d,
        max(dwell) FILTER (WHERE page = 'service') AS page_service_dwell_30d,
        max(times) FILTER (WHERE page = 'fee') AS page_fee_cnt_30d,
        data_day() - max(last_day) FILTER (WHERE page = 'fee') AS days_since_page_fee_90d,
        max(dwell) FILTER (WHERE page = 'fee') AS page_fee_dwell_30d,
        max(times) FILTER (WHERE page = 'help') AS page_help_cnt_30d,
        data_day() - max(last_day) FILTER (WHERE page = 'help') AS days_since_page_help_90d,
        max(dwell) FILTER (WHERE page = 'help') AS page_help_dwell_30d,
        max(times) FILTER (WHERE page = 'margin') AS page_margin_cnt_30d,
        data_day() - max(last_day) FILTER (WHERE page = 'margin') AS days_since_page_margin_90d,
        max(dwell) FILTER (WHERE page = 'margin') AS page_margin_dwell_30d,
        max(times) FILTER (WHERE page = 'holdings') AS page_holdings_cnt_30d,
        data_day() - max(last_day) FILTER (WHERE page = 'holdings') AS days_since_page_holdings_90d,
        max(dwell) FILTER (WHERE page = 'holdings') AS page_holdings_dwell_30d,
        max(days) FILTER (WHERE page = 'fee') AS page_fee_days_30d,
        max(days) FILTER (WHERE page = 'margin') AS page_margin_days_30d,
        sum(dwell) AS page_dwell_30d
    FROM kinds
    GROUP BY client_id
),
searches AS (
    SELECT
        client_id,
        sum(times) AS search_cnt_30d,
        sum(times) FILTER (WHERE meaning = 'search_empty') AS search_empty_cnt_30d
    FROM event_days
    WHERE meaning IN ('search', 'search_empty') AND day > data_day() - 30
    GROUP BY client_id
),
-- A natural day belongs to the trading day that it is or follows: bit n stands for the n-th trading day before the newest.
recent AS (
    SELECT CAST(d AS DATE) AS day, (
        SELECT count(*) FROM open_days AS o WHERE o.exchange = 'SH' AND o.day > CAST(d AS DATE) AND o.day <= data_day()
    ) AS back
    FROM range(data_day() - 29, data_day() + 1, INTERVAL 1 DAY) AS days (d)
),
securities_seen AS (
    SELECT e.client_id, e.object AS symbol, bit_or(1::BIGINT << r.back) AS days
    FROM event_days AS e
    JOIN recent AS r USING (day)
    WHERE e.meaning = 'stock_viewed' AND e.object IS NOT NULL
    GROUP BY e.client_id, e.object
),
-- The run that has not ended yet: the lowest bits that are set, from the newest trading day or the one before it.
runs AS (
    SELECT *, greatest(bit_count(xor(days, days + 1)) - 1, bit_count(xor(days >> 1, (days >> 1) + 1)) - 1) AS run
    FROM securities_seen
),
securities_run AS (
    SELECT
        client_id,
        count(*) AS security_seen_cnt_30d,
        max(run) AS security_run_days_30d,
        arg_min(symbol, {'run': -run, 'symbol': symbol}) FILTER (WHERE run > 0) AS security_run_days_30d__key
    FROM runs
    GROUP BY client_id
)
SELECT
    client_id,
    l.* EXCLUDE (client_id),
    s.* EXCLUDE (client_id),
    r.* EXCLUDE (client_id)
FROM clients
LEFT JOIN looked AS l USING (client_id)
LEFT JOIN searches AS s USING (client_id)
LEFT JOIN securities_run AS r USING (client_id)
