SELECT
    client_id AS id, client_id, level, level = 1 AND u(client_id, 'lowest') < 0.2 AS lowest, assessed_on,
    assessed_on + 730 AS valid_to, client_id AS newest_id, assessed_on AS newest_on, level AS newest_level,
    CASE WHEN u(client_id, 'before') < 0.4 THEN 1 + pick(client_id, 'level before', 5) END AS before,
    CASE WHEN assessed_on > data_day() - 30 THEN 1 + pick(client_id, 'times', 3) ELSE 0 END AS in_30_days
FROM (
    SELECT
        client_id,
        1 + pick(client_id, 'level', 5) AS level,
        greatest(opened_on, data_day() - pick(client_id, 'assessed', 900)) AS assessed_on
    FROM people
    WHERE opened_on IS NOT NULL AND u(client_id, 'assessed at all') < 0.93
)
