-- The last two days on which each client signed in.
WITH days AS (
    SELECT client_id, last_day AS day FROM before
    UNION
    SELECT client_id, previous_day AS day FROM before WHERE previous_day IS NOT NULL
    UNION
    SELECT client_id, day FROM rows WHERE meaning = 'signed_in'
)
SELECT client_id, max(day) AS last_day, max(day, 2)[2] AS previous_day
FROM days
GROUP BY client_id
