-- The first day of what counts however long ago it was: a device, a lesson, a year's statement, chosen news.
SELECT client_id, meaning, object, min(first_day) AS first_day
FROM (
    SELECT client_id, meaning, object, first_day FROM before
    UNION ALL
    SELECT client_id, meaning, object, day AS first_day
    FROM rows
    WHERE meaning = 'news_preferences_saved'
        OR (meaning IN ('signed_in', 'lesson_completed', 'annual_statement_viewed') AND object IS NOT NULL)
)
GROUP BY client_id, meaning, object
