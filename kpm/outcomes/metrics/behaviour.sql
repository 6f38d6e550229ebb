-- What the client did on screen: sign-ins, articles, his watchlist. `plan` names the meaning of an event.
-- reads: events
SELECT
    s.hit_id,
    count(*) FILTER (WHERE e.meaning = 'signed_in') AS since_hit_login_cnt,
    count(DISTINCT e.article) FILTER (WHERE e.meaning = 'article_viewed') AS since_hit_news_read_cnt,
    count(*) FILTER (WHERE e.meaning = 'watchlist_added') AS since_hit_watchlist_add
FROM spans AS s
LEFT JOIN (
    SELECT
        e.client_id,
        e.day,
        e.happened_at,
        p.meaning,
        coalesce(json_extract_string(e.properties, '$.article_id'), e.message_id) AS article
    FROM events AS e
    JOIN plan AS p ON p.event = e.event AND p.meaning IN ('signed_in', 'article_viewed', 'watchlist_added')
) AS e ON e.client_id = s.client_id AND within(e.day, e.happened_at, s.after, s.until, s.since)
GROUP BY s.hit_id
