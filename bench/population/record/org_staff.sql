SELECT i AS id, i AS user_id, 'S' || i AS staff_no, 'Staff ' || i AS name, '' AS phone,
    CASE WHEN i <= managers() THEN (i - 1) % branches() + 1 ELSE (i - managers() - 1) % branches() + 1 END AS branch_id,
    'available' AS status, 2 AS seat_cap, 40 AS tasks_a_day, '' AS own_client_no
FROM range(1, managers() + 2 * branches() + 1) r(i)
