-- What the house did and heard: contacts, messages opened, complaints. A complaint is one that an answer of the desk
-- says, whatever task it was about. `contacted` comes with the hit: its task reached the client, or he had done it.
-- reads: facts
SELECT
    s.hit_id,
    any_value(s.contacted) AS since_hit_contact_ok,
    coalesce(
        bool_or(f.kind = 'message_read' AND json_extract_string(f.properties, '$.strategy') = s.strategy), FALSE
    ) AS since_hit_push_opened,
    count(*) FILTER (
        WHERE f.kind = 'task_result' AND json_extract_string(f.properties, '$.response') = 'complaint'
    ) AS since_hit_complaint_cnt
FROM spans AS s
LEFT JOIN facts AS f ON f.client_id = s.client_id AND within(f.day, f.happened_at, s.after, s.until, s.since)
    AND f.kind IN ('message_read', 'task_result')
GROUP BY s.hit_id
