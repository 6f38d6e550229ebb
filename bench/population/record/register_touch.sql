SELECT t.id, t.client_id, c.branch_id, t.channel, t.outbound, t.purpose, t.started_at, t.staff_id,
    t.id::VARCHAR AS provider_ref,
    '' AS recording_ref, t.reached, t.arrived_at
FROM touches AS t
JOIN clients AS c USING (client_id)
