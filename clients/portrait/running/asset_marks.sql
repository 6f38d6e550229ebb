-- Of each client the first day of the present stretch of days with idle cash (NULL outside one), and the last day
-- on which he held a security.
WITH told AS (
    SELECT
        client_id,
        min(day) AS first_day,
        max(day) FILTER (WHERE NOT idle) AS busy_on,
        max(day) FILTER (WHERE holdings > 0) AS held_on
    FROM (SELECT *, has_fund_account AND cash >= param('idle_cash') AS idle FROM rows)
    GROUP BY client_id
),
resumed AS (
    SELECT r.client_id, min(r.day) AS day
    FROM rows AS r
    JOIN told AS t ON t.client_id = r.client_id AND r.day > t.busy_on
    GROUP BY r.client_id
)
SELECT *
FROM (
    SELECT
        client_id,
        CASE
            WHEN t.client_id IS NULL THEN b.idle_since
            WHEN t.busy_on IS NOT NULL THEN r.day
            ELSE coalesce(b.idle_since, t.first_day)
        END AS idle_since,
        greatest(t.held_on, b.held_on) AS held_on
    FROM before AS b
    FULL JOIN told AS t USING (client_id)
    LEFT JOIN resumed AS r USING (client_id)
)
WHERE idle_since IS NOT NULL OR held_on IS NOT NULL
