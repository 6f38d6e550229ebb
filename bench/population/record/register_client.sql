SELECT c.id, 'C' || c.id AS client_no, c.kind, 'N' AS name, 'n' AS name_pinyin, '' AS id_type, '' AS id_no,
    '' AS id_no_index,
    '' AS sex, '' AS nationality, '' AS mobile, '' AS mobile_index, '' AS email, '' AS email_index, '' AS address,
    '' AS occupation, '' AS education, '' AS income_band, c.branch_id, c.manager_id, c.opened_on, c.status,
    data_day() - c.age * 365 - 200 AS birth_date, '' AS aml_level, '' AS tax_residency, '' AS unified_account,
    false AS sensitive,
    arrived() AS created_at, arrived() AS changed_at
FROM clients AS c
