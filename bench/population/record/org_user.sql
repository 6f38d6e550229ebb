-- Managers first, then one adviser and one agent of the call centre for each branch.
SELECT i AS id, '!' AS password, 'S' || i AS login, 'staff' AS kind, true AS is_active, false AS is_superuser,
    '' AS language,
    '{}' AS display, arrived() AS created_at
FROM range(1, managers() + 2 * branches() + 1) r(i)
