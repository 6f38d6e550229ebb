-- When, where, with what, how long and how a client visits, from one row a visit (clients/portrait/daily/visit_days.sql).
-- Of what he uses equally often, the first by name is the usual one; of parts of the day the earliest.
-- reads: clients, visit_days 90, event_firsts
WITH visited AS (
    SELECT
        v.*,
        v.session - 1000000 * (data_day() - v.day) AS place,
        v.day > data_day() - 30 AS lately,
        o.day IS NOT NULL AS trading
    FROM visit_days AS v
    LEFT JOIN open_days AS o ON o.exchange = 'SH' AND o.day = v.day
),
totals AS (
    SELECT
        client_id,
        count(*) FILTER (WHERE day > data_day() - 7) AS visit_cnt_7d,
        count(*) FILTER (WHERE lately) AS visit_cnt_30d,
        count(*) AS visit_cnt_90d,
        bit_count(bit_or(CASE WHEN lately THEN 1::BIGINT << (data_day() - day) END)) AS visit_days_30d,
        data_day() - max(day) AS days_since_last_visit_90d,
        count(*) FILTER (WHERE band = 'early') AS early,
        count(*) FILTER (WHERE band = 'morning') AS morning,
        count(*) FILTER (WHERE band = 'midday') AS midday,
        count(*) FILTER (WHERE band = 'afternoon') AS afternoon,
        count(*) FILTER (WHERE band = 'evening') AS evening,
        count(*) FILTER (WHERE band = 'night') AS night,
        count(*) FILTER (WHERE trading AND band = 'early') / count(*) AS visit_before_open_share_90d,
        count(*) FILTER (WHERE trading AND band IN ('morning', 'afternoon')) / count(*) AS visit_in_session_share_90d,
        count(*) FILTER (WHERE trading AND band IN ('evening', 'night')) / count(*) AS visit_after_close_share_90d,
        count(*) FILTER (WHERE isodow(day) >= 6) / count(*) AS visit_weekend_share_90d,
        sum(pages) FILTER (WHERE lately) / count(*) FILTER (WHERE lately) AS visit_pages_avg_30d,
        count(*) FILTER (WHERE lately AND pages <= 1) / count(*) FILTER (WHERE lately) AS visit_one_page_share_30d,
        quantile_disc(dwell_ms, 0.5) FILTER (WHERE lately) / 1000 AS visit_length_median_30d,
        quantile_disc(dwell_ms, 0.5) / 1000 AS visit_length_median_90d,
        arg_max(city, place) FILTER (WHERE day > data_day() - 7 AND city IS NOT NULL) AS last_city,
        arg_max(exit_kind, place) FILTER (WHERE lately AND exit_kind IS NOT NULL) AS visit_exit_page_30d,
        count(open_form) FILTER (WHERE lately) AS form_exit_cnt_30d,
        arg_max(open_form, place) FILTER (WHERE lately AND open_form IS NOT NULL) AS form_exit_cnt_30d__key,
        data_day() - max(day) FILTER (WHERE lately AND open_form IS NOT NULL) AS days_since_form_exit_30d
    FROM visited
    GROUP BY client_id
),
days AS (
    SELECT client_id, data_day() - day AS back, min(minute) // 60 AS hour
    FROM visit_days
    GROUP BY client_id, day
),
hours AS (SELECT client_id, hour, count(*) AS times FROM days GROUP BY client_id, hour),
first_hours AS (
    SELECT client_id, arg_min(hour, 100 * -times + hour) AS visit_first_hour_90d
    FROM hours
    GROUP BY client_id
),
backs AS (SELECT client_id, list_sort(list(back)) AS back FROM days GROUP BY client_id HAVING count(*) > 1),
gaps AS (
    SELECT
        client_id,
        (back[-1] - back[1]) / (len(back) - 1) AS visit_gap_avg_90d,
        CASE WHEN len(back) > 2 THEN
            list_aggregate([back[i + 1] - back[i] FOR i IN range(1, len(back))], 'stddev_pop')
        END AS visit_gap_dev_90d
    FROM backs
),
-- Few rows a client: most people visit from one city with one or two devices.
places AS (
    SELECT
        client_id,
        city,
        platform,
        device,
        os,
        count(*) AS times,
        count(*) FILTER (WHERE lately) AS of_30d,
        count(*) FILTER (WHERE NOT lately) AS before_30d,
        count(*) FILTER (WHERE day <= data_day() - 7) AS before_7d
    FROM visited
    GROUP BY client_id, city, platform, device, os
),
facets AS (
    SELECT
        client_id,
        CASE
            WHEN grouping(city) = 0 THEN 'city'
            WHEN grouping(platform) = 0 THEN 'platform'
            WHEN grouping(device) = 0 THEN 'device'
            ELSE 'os'
        END AS facet,
        coalesce(city, platform, device, os) AS name,
        CAST(sum(times) AS BIGINT) AS times,
        CAST(sum(of_30d) AS BIGINT) AS of_30d,
        CAST(sum(before_30d) AS BIGINT) AS before_30d,
        CAST(sum(before_7d) AS BIGINT) AS before_7d
    FROM places
    GROUP BY GROUPING SETS ((client_id, city), (client_id, platform), (client_id, device), (client_id, os))
    HAVING coalesce(city, platform, device, os) IS NOT NULL
),
ranked AS (
    SELECT
        client_id,
        facet,
        list(name ORDER BY times DESC, name) AS names,
        max(times) / sum(times) AS share,
        count(*) FILTER (WHERE of_30d > 0) AS of_30d,
        arg_min(name, {'times': -of_30d, 'name': name}) FILTER (WHERE of_30d > 0) AS main_30d,
        arg_min(name, {'times': -before_30d, 'name': name}) FILTER (WHERE before_30d > 0) AS main_before_30d,
        arg_min(name, {'times': -before_7d, 'name': name}) FILTER (WHERE before_7d > 0) AS main_before_7d
    FROM facets
    GROUP BY client_id, facet
),
devices AS (
    SELECT client_id, first_day, min(first_day) OVER (PARTITION BY client_id) AS earliest
    FROM event_firsts
    WHERE meaning = 'signed_in'
),
new_devices AS (
    SELECT client_id, bool_or(first_day > data_day() - 7 AND first_day > earliest) AS device_new_7d
    FROM devices
    GROUP BY client_id
)
SELECT
    client_id,
    t.* EXCLUDE (client_id, early, morning, midday, afternoon, evening, night, last_city),
    CASE greatest(early, morning, midday, afternoon, evening, night)
        WHEN early THEN 'early'
        WHEN morning THEN 'morning'
        WHEN midday THEN 'midday'
        WHEN afternoon THEN 'afternoon'
        WHEN evening THEN 'evening'
        WHEN night THEN 'night'
    END AS visit_band_90d,
    greatest(early, morning, midday, afternoon, evening, night) / visit_cnt_90d AS visit_band_share_90d,
    night / visit_cnt_90d AS visit_night_share_90d,
    h.visit_first_hour_90d,
    g.* EXCLUDE (client_id),
    CASE WHEN visit_cnt_30d >= param('visit_trend_visits') AND visit_length_median_90d > 0
        THEN visit_length_median_30d / visit_length_median_90d END AS visit_length_trend_30d,
    c.names[1] AS visit_city_90d,
    c.share AS visit_city_share_90d,
    t.last_city <> c.main_before_7d AS visit_city_changed_7d,
    c.of_30d AS visit_city_cnt_30d,
    p.names[1] AS visit_platform_90d,
    p.names[2] AS visit_platform_second_90d,
    p.share AS visit_platform_share_90d,
    p.main_30d <> p.main_before_30d AS visit_platform_switched_30d,
    d.names[1] AS visit_device_90d,
    d.names[2] AS visit_device_second_90d,
    d.share AS visit_device_share_90d,
    o.names[1] AS visit_os_90d,
    n.device_new_7d
FROM clients
LEFT JOIN totals AS t USING (client_id)
LEFT JOIN first_hours AS h USING (client_id)
LEFT JOIN gaps AS g USING (client_id)
LEFT JOIN (SELECT * FROM ranked WHERE facet = 'city') AS c USING (client_id)
LEFT JOIN (SELECT * FROM ranked WHERE facet = 'platform') AS p USING (client_id)
LEFT JOIN (SELECT * FROM ranked WHERE facet = 'device') AS d USING (client_id)
LEFT JOIN (SELECT * FROM ranked WHERE facet = 'os') AS o USING (client_id)
LEFT JOIN new_devices AS n USING (client_id)
