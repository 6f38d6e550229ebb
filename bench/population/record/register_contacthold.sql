SELECT client_id AS id, client_id, 'complaint' AS kind, '' AS reason, arrived() AS created_at
FROM clients
WHERE u(client_id, 'complaint') < 0.003
UNION ALL
SELECT clients() + client_id, client_id, 'deceased', '', arrived() FROM clients WHERE deceased
