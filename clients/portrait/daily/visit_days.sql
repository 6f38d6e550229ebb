-- Every visit of a known client on a day: when it began, how long it lasted, where, with what, and how he left. `band` is
-- the part of the day in which it began; parameters say where the parts end. Lengths are in milliseconds.
SELECT
    client_id,
    day,
    session,
    CAST(60 * hour(started_at) + minute(started_at) AS SMALLINT) AS minute,
    CASE
        WHEN hour(started_at) + minute(started_at) / 60 < param('visit_early_until') THEN 'early'
        WHEN hour(started_at) + minute(started_at) / 60 < param('visit_morning_until') THEN 'morning'
        WHEN hour(started_at) + minute(started_at) / 60 < param('visit_midday_until') THEN 'midday'
        WHEN hour(started_at) + minute(started_at) / 60 < param('visit_afternoon_until') THEN 'afternoon'
        WHEN hour(started_at) + minute(started_at) / 60 < param('visit_evening_until') THEN 'evening'
        ELSE 'night'
    END AS band,
    dwell_ms,
    pages,
    platform,
    device,
    os,
    city,
    exit_kind,
    open_form,
    ended_at,
    arrived_at
FROM sessions
WHERE client_id IS NOT NULL
