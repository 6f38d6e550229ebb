SELECT
    client_id AS id, client_id,
    CASE WHEN life = 'lead' THEN lead_on WHEN u(client_id, 'registered') < 0.85 THEN opened_on END AS registered_on,
    coalesce(lead_on, CASE WHEN life = 'newcomer' THEN opened_on - 5 END) AS lead_on,
    CASE WHEN u(client_id, 'changed') < 0.01 THEN data_day() - pick(client_id, 'since', 40) END AS manager_changed_on,
    data_day() - 120 + pick(client_id, 'document', 4000) AS id_valid_to,
    u(client_id, 'tax') < 0.97 AS tax_declared,
    CASE WHEN u(client_id, 'missing') < 0.03 THEN 1 ELSE 0 END AS identity_missing,
    CASE WHEN u(client_id, 'shared') < 0.005 THEN 2 ELSE 0 END AS mobile_shared,
    pick(client_id, 'birthday', 365) AS days_to_birthday
FROM people
