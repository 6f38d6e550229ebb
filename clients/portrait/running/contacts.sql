-- The last days on which a person tried to speak with the client, and on which he did.
SELECT client_id, max(tried_on) AS tried_on, max(reached_on) AS reached_on
FROM (
    SELECT * FROM before
    UNION ALL BY NAME
    SELECT client_id, day AS tried_on, CASE WHEN reached THEN day END AS reached_on
    FROM rows
    WHERE staff_id IS NOT NULL
)
GROUP BY client_id
