-- Two in a thousand take back their consent on the day itself.
WITH purposes(number, purpose, share) AS (
    VALUES (1, 'marketing', 0.6), (2, 'service_push', 0.95), (3, 'personalisation', 0.8), (4, 'privacy', 0.92)
),
asked AS (
    SELECT p.*, c.number, c.purpose, c.share, u(p.client_id, c.purpose || the_day()) < 0.002 AS taken_back
    FROM people AS p
    CROSS JOIN purposes AS c
)
SELECT
    client_id * 10 + number AS id, client_id, purpose, 'v1' AS version,
    NOT taken_back AND u(client_id, purpose) < share AS given,
    (CASE WHEN taken_back THEN the_day() ELSE coalesce(opened_on, lead_on) END + INTERVAL 10 HOUR)::TIMESTAMPTZ AS "at",
    'app' AS channel,
    "at" AS arrived_at,
    CASE WHEN taken_back THEN true END AS given_before
FROM asked
