-- Whether the client got on in the course for new investors: a lesson that he had not finished before.
-- reads: event_firsts
SELECT s.hit_id, count(f.object) > 0 AS since_hit_course_progress
FROM spans AS s
LEFT JOIN event_firsts AS f
    ON f.client_id = s.client_id AND f.meaning = 'lesson_completed' AND f.first_day > s.after AND f.first_day <= s.until
GROUP BY s.hit_id
