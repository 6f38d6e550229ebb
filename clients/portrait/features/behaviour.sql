-- What a client did on screen, from the roll-up of his events (clients/behaviour/events.py tells what each means).
-- A sign-in is named by the event's own number, a purchase broken off by that of the checkout.
-- reads: clients, accounts, event_days 90, sign_ins, event_firsts, watched, products, securities, held
WITH counted AS (
    SELECT
        client_id,
        sum(times) FILTER (WHERE meaning = 'product_viewed' AND day > data_day() - 7) AS product_view_cnt_7d,
        bit_count(bit_or(CASE WHEN meaning = 'signed_in' AND day > data_day() - 30 THEN 1::BIGINT << (data_day() - day) END))
            AS login_days_30d,
        sum(times) FILTER (WHERE meaning = 'sign_in_locked' AND day > prev_day()) AS login_lock_cnt_1d,
        arg_max(message_id, {'at': last_at, 'id': message_id}) FILTER (WHERE meaning = 'sign_in_locked' AND day > prev_day())
            AS login_lock_cnt_1d__key,
        sum(times) FILTER (WHERE meaning = 'stock_viewed' AND object LIKE '%.HK' AND day > data_day() - 30)
            AS hk_stock_view_cnt_30d,
        sum(times) FILTER (WHERE meaning = 'margin_page_viewed' AND day > data_day() - 30) AS margin_page_view_cnt_30d,
        sum(times) FILTER (WHERE meaning = 'commission_page_viewed' AND day > data_day() - 7)
            AS commission_page_view_cnt_7d,
        max(day) FILTER (WHERE meaning = 'signed_in' AND channel = 'app') AS app_used_on,
        max(day) FILTER (WHERE meaning = 'push_unregistered') AS app_missing_on
    FROM event_days
    GROUP BY client_id
),
-- The product looked at most often in a week, of equals the first by number.
products_seen AS (
    SELECT client_id, object, sum(times) AS times
    FROM event_days
    WHERE meaning = 'product_viewed' AND object IS NOT NULL AND day > data_day() - 7
    GROUP BY client_id, object
),
product_seen AS (
    SELECT s.client_id, arg_min(p.risk_level, {'times': -s.times, 'object': s.object}) AS viewed_product_risk_level
    FROM products_seen AS s
    JOIN products AS p ON p.ta_code || '.' || p.product_code = s.object
    GROUP BY s.client_id
),
checkouts AS (
    SELECT client_id, object, max(last_at) FILTER (WHERE meaning = 'checkout_started') AS started_at
    FROM event_days
    WHERE meaning IN ('checkout_started', 'order_submitted') AND object IS NOT NULL AND day > data_day() - 3
    GROUP BY client_id, object
    HAVING bool_and(meaning = 'checkout_started')
),
abandoned AS (
    SELECT
        client_id,
        count(*) AS product_checkout_abandon_cnt_3d,
        arg_max(object, {'at': started_at, 'object': object}) AS product_checkout_abandon_cnt_3d__key
    FROM checkouts
    GROUP BY client_id
),
-- A city is usual after some days of sign-ins there before the last batch; nobody without one is away from it.
cities AS (
    SELECT client_id, list(city) AS usual
    FROM (
        SELECT client_id, city
        FROM event_days
        WHERE meaning = 'signed_in' AND city IS NOT NULL AND day <= prev_day()
        GROUP BY client_id, city
        HAVING count(DISTINCT day) >= param('usual_city_sign_in_days')
    )
    GROUP BY client_id
),
fresh AS (
    SELECT
        e.client_id,
        e.message_id,
        {'at': e.last_at, 'id': e.message_id} AS place,
        f.first_day > prev_day() AS on_new_device,
        coalesce(NOT list_contains(c.usual, e.city), FALSE) AS in_other_city
    FROM event_days AS e
    LEFT JOIN event_firsts AS f ON f.client_id = e.client_id AND f.meaning = 'signed_in' AND f.object = e.object
    LEFT JOIN cities AS c ON c.client_id = e.client_id
    WHERE e.meaning = 'signed_in' AND e.day > prev_day()
),
signed_in AS (
    SELECT
        client_id,
        bool_or(on_new_device) AS new_device_login_1d,
        bool_or(in_other_city) AS login_city_changed_1d,
        arg_max(message_id, place) FILTER (WHERE on_new_device) AS new_device_login_1d__key,
        arg_max(message_id, place) FILTER (WHERE in_other_city) AS login_city_changed_1d__key
    FROM fresh
    GROUP BY client_id
),
stocks_seen AS (
    SELECT e.client_id, e.object, sum(e.times) AS times
    FROM event_days AS e
    JOIN securities AS s ON s.code || '.' || s.exchange = e.object AND s.type = 'stock'
    ANTI JOIN held AS h ON h.client_id = e.client_id AND h.symbol = e.object
    WHERE e.meaning = 'stock_viewed' AND e.day > data_day() - 7
    GROUP BY e.client_id, e.object
),
stock_seen AS (SELECT client_id, max(times) AS max_stock_view_cnt_7d FROM stocks_seen GROUP BY client_id),
watchlist AS (SELECT client_id, count(*) AS watchlist_count FROM watched GROUP BY client_id),
-- The day on which a session starts stands before its number.
sessions AS (
    SELECT client_id, object
    FROM event_days
    WHERE meaning IN ('webinar_registered', 'webinar_cancelled', 'webinar_joined')
        AND TRY_CAST(left(object, 10) AS DATE) BETWEEN data_day() - 29 AND data_day()
    GROUP BY client_id, object
    HAVING bool_and(meaning = 'webinar_registered')
),
missed AS (SELECT client_id, count(*) AS event_no_show_cnt_30d FROM sessions GROUP BY client_id),
learnt AS (
    SELECT
        client_id,
        count(*) FILTER (WHERE meaning = 'lesson_completed') AS lessons,
        count(*) FILTER (
            WHERE meaning = 'annual_statement_viewed' AND object = CAST(year(data_day()) - 1 AS VARCHAR)
        ) AS statements
    FROM event_firsts
    GROUP BY client_id
),
opened AS (SELECT DISTINCT client_id FROM accounts WHERE kind = 'fund' AND opened_on <= data_day())
SELECT
    client_id,
    n.* EXCLUDE (client_id, app_used_on, app_missing_on),
    p.viewed_product_risk_level,
    a.* EXCLUDE (client_id),
    data_day() - i.last_day AS days_since_last_login,
    i.last_day - i.previous_day AS reactivated_after_days,
    s.* EXCLUDE (client_id),
    w.watchlist_count,
    v.max_stock_view_cnt_7d,
    m.event_no_show_cnt_30d,
    CASE WHEN o.client_id IS NOT NULL THEN least(100 * coalesce(l.lessons, 0) / param('beginner_course_lessons'), 100) END
        AS edu_course_progress_pct,
    n.app_missing_on IS NOT NULL
    AND coalesce(n.app_used_on <= data_day() - 30 AND n.app_used_on < n.app_missing_on, TRUE) AS app_uninstalled_flag,
    coalesce(l.statements, 0) > 0 AS annual_statement_viewed
FROM clients
LEFT JOIN counted AS n USING (client_id)
LEFT JOIN product_seen AS p USING (client_id)
LEFT JOIN abandoned AS a USING (client_id)
LEFT JOIN sign_ins AS i USING (client_id)
LEFT JOIN signed_in AS s USING (client_id)
LEFT JOIN watchlist AS w USING (client_id)
LEFT JOIN stock_seen AS v USING (client_id)
LEFT JOIN missed AS m USING (client_id)
LEFT JOIN learnt AS l USING (client_id)
LEFT JOIN opened AS o USING (client_id)
