SELECT
    client_id AS id, client_id, branch_id, CASE WHEN life <> 'lead' THEN manager_id END AS manager_id,
    'individual' AS kind,
    CASE life WHEN 'lead' THEN 'lead' WHEN 'closed' THEN 'closed' WHEN 'sleeper' THEN 'dormant'
        ELSE 'active' END AS status,
    opened_on, 18 + pick(client_id, 'age', 65) AS age, false AS own_staff, u(client_id, 'deceased') < 0.001 AS deceased
FROM people
