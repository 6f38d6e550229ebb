SELECT i AS id, managers() + i AS staff_id, 'adviser' AS kind, 'L' || i AS number, DATE '2020-01-01' AS valid_from
FROM range(1, branches() + 1) r(i)
