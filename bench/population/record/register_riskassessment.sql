SELECT id, client_id, level, lowest, assessed_on, valid_to, '[]' AS intended_kinds, 'import' AS source,
    arrived() AS arrived_at
FROM assessments
