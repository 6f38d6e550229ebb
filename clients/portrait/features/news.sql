-- News, research and announcements: what a client reads, and what is said of the securities that he holds or watches.
-- An announcement is what a file or an announcing article tells of one security, one kind and one day, however often it
-- is told; the parameter names the kinds that are major. Consent to personalised content is consent to personal news.
-- reads: clients, consents, event_days 61, event_firsts, watched, held, securities, security_events 15, rating_changes
WITH told AS (
    SELECT *
    FROM security_events AS e
    WHERE reversal_of = '' AND NOT EXISTS (
        SELECT 1 FROM security_events AS r WHERE r.security_id = e.security_id AND r.reversal_of = e.event_no
    )
),
announced AS (
    SELECT
        security_id,
        kind,
        day,
        arg_min(event_no, id) AS event_no,
        kind IN ('earnings_warning', 'probe', 'reduction', 'st_on') AS listed_apart,
        list_contains(string_split(param_text('major_announcement_kinds'), ';'), kind) AS major
    FROM told
    WHERE role = 'subject' AND kind <> 'news' AND (article_id IS NULL OR article_kind = 'announcement')
        AND day > least(data_day() - 7, prev_day())
    GROUP BY security_id, kind, day
),
held_announced AS (
    SELECT
        h.client_id,
        a.*,
        a.day > prev_day() AS fresh,
        a.day > data_day() - 7 AS in_week,
        h.symbol || '/' || a.event_no AS key,
        {'day': a.day, 'key': h.symbol || '/' || a.event_no} AS place
    FROM held AS h
    JOIN announced AS a USING (security_id)
),
announcements AS (
    SELECT
        client_id,
        count(*) FILTER (WHERE fresh AND major AND NOT listed_apart) AS held_major_announcement_cnt_1d,
        count(*) FILTER (WHERE in_week AND major) AS held_major_announcement_cnt_7d,
        count(*) FILTER (WHERE fresh AND kind = 'earnings_warning') AS held_earnings_warning_cnt_1d,
        count(*) FILTER (WHERE fresh AND kind = 'probe') AS held_probe_cnt_1d,
        count(*) FILTER (WHERE fresh AND kind = 'reduction') AS held_reduction_cnt_1d,
        arg_max(key, place) FILTER (WHERE fresh AND major AND NOT listed_apart) AS held_major_announcement_cnt_1d__key,
        arg_max(key, place) FILTER (WHERE in_week AND major) AS held_major_announcement_cnt_7d__key,
        arg_max(key, place) FILTER (WHERE fresh AND kind = 'earnings_warning') AS held_earnings_warning_cnt_1d__key,
        arg_max(key, place) FILTER (WHERE fresh AND kind = 'probe') AS held_probe_cnt_1d__key,
        arg_max(key, place) FILTER (WHERE fresh AND kind = 'reduction') AS held_reduction_cnt_1d__key
    FROM held_announced
    GROUP BY client_id
),
-- Since the last close, which is at 15:00 of the last trading day.
articles AS (
    SELECT DISTINCT h.client_id, t.article_id
    FROM held AS h
    JOIN told AS t USING (security_id)
    WHERE t.article_id IS NOT NULL AND t.published_at > last_close()
),
related AS (SELECT client_id, count(*) AS held_related_news_cnt_1d FROM articles GROUP BY client_id),
research AS (
    SELECT DISTINCT w.client_id, t.article_id
    FROM watched AS w
    JOIN securities AS s ON s.code || '.' || s.exchange = w.symbol
    JOIN told AS t ON t.security_id = s.id
    WHERE t.article_kind = 'research' AND t.role = 'subject' AND t.day > prev_day()
),
researched AS (SELECT client_id, count(*) AS watch_research_cnt_1d FROM research GROUP BY client_id),
largest AS (
    SELECT client_id, security_id, symbol
    FROM held
    WHERE market_value IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY client_id ORDER BY market_value DESC, symbol) <= 5
),
downgraded AS (
    SELECT
        l.client_id,
        count(*) AS held_rating_down_cnt_7d,
        arg_max(l.symbol || '/' || r.event_no, {'day': r.changed_on, 'id': r.id}) AS held_rating_down_cnt_7d__key
    FROM largest AS l
    JOIN rating_changes AS r USING (security_id)
    WHERE r.changed_on > data_day() - 7
        AND list_position(['buy', 'add', 'hold', 'reduce'], r.rating)
        > list_position(['buy', 'add', 'hold', 'reduce'], r.rating_before)
    GROUP BY l.client_id
),
-- What a client looks at speaks of the industry of its security, or of those an article is about.
industries AS (
    SELECT code || '.' || exchange AS object, 'stock_viewed' AS meaning, industry
    FROM securities
    WHERE industry <> ''
    UNION
    SELECT CAST(t.article_id AS VARCHAR) AS object, 'article_viewed' AS meaning, s.industry
    FROM told AS t
    JOIN securities AS s ON s.id = t.security_id
    WHERE t.article_id IS NOT NULL AND t.role = 'subject' AND s.industry <> ''
),
sectors_seen AS (
    SELECT e.client_id, i.industry, sum(e.times) AS times, count(DISTINCT e.day) AS days
    FROM event_days AS e
    JOIN industries AS i USING (meaning, object)
    WHERE e.day > data_day() - 7
    GROUP BY e.client_id, i.industry
),
sector_seen AS (
    SELECT client_id, arg_min(days, {'times': -times, 'industry': industry}) AS top_sector_view_days_7d
    FROM sectors_seen
    GROUP BY client_id
),
articles_read AS (
    SELECT
        client_id,
        object,
        bool_or(day > data_day() - 7) AS in_week,
        bool_or(day > data_day() - 30) AS in_month,
        bool_or(day BETWEEN data_day() - 60 AND data_day() - 31) AS before
    FROM event_days
    WHERE meaning = 'article_viewed' AND object IS NOT NULL
    GROUP BY client_id, object
),
read AS (
    SELECT
        client_id,
        count_if(in_week) AS news_read_cnt_7d,
        count_if(in_month) AS news_read_cnt_30d,
        count_if(before) AS news_read_cnt_prev_30d
    FROM articles_read
    GROUP BY client_id
),
pushed AS (
    SELECT
        client_id,
        count(*) FILTER (WHERE meaning = 'news_push_delivered') AS delivered,
        count(*) FILTER (WHERE meaning = 'news_push_opened') AS opened
    FROM (
        SELECT DISTINCT client_id, meaning, object
        FROM event_days
        WHERE meaning IN ('news_push_delivered', 'news_push_opened') AND object IS NOT NULL AND day > data_day() - 14
    )
    GROUP BY client_id
)
SELECT
    client_id,
    c.given AS news_push_opt_in,
    NOT c.given AND c.given_before AND CAST(c.at AS DATE) > prev_day() AS news_push_opt_out_1d,
    f.client_id IS NOT NULL AS news_pref_set,
    r.* EXCLUDE (client_id),
    p.delivered AS news_push_sent_cnt_14d,
    p.opened / nullif(p.delivered, 0) AS news_push_open_rate_14d,
    s.top_sector_view_days_7d,
    n.held_related_news_cnt_1d,
    w.watch_research_cnt_1d,
    a.* EXCLUDE (client_id),
    d.* EXCLUDE (client_id)
FROM clients
LEFT JOIN (SELECT * FROM consents WHERE purpose = 'personalisation') AS c USING (client_id)
LEFT JOIN (SELECT client_id FROM event_firsts WHERE meaning = 'news_preferences_saved') AS f USING (client_id)
LEFT JOIN read AS r USING (client_id)
LEFT JOIN pushed AS p USING (client_id)
LEFT JOIN sector_seen AS s USING (client_id)
LEFT JOIN related AS n USING (client_id)
LEFT JOIN researched AS w USING (client_id)
LEFT JOIN announcements AS a USING (client_id)
LEFT JOIN downgraded AS d USING (client_id)
