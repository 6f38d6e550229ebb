SELECT client_id AS id, client_id, 'phone' AS channel, false AS allowed, '' AS hours
FROM clients
WHERE u(client_id, 'no calls') < 0.05
