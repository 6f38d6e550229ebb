SELECT i AS id, i AS staff_id, DATE '2020-01-01' AS valid_from,
    CASE WHEN i <= managers() THEN 'manager' WHEN i <= managers() + branches() THEN 'adviser'
        ELSE 'call_centre' END AS role
FROM range(1, managers() + 2 * branches() + 1) r(i)
