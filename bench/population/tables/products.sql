SELECT
    i AS id, 'T1' AS ta_code, 'F' || lpad(i::VARCHAR, 5, '0') AS product_code, the_day() AS as_of,
    (ARRAY['cash', 'bond_fund', 'mixed_fund', 'equity_fund', 'certificate'])[1 + i % 5] AS kind,
    1 + i % 5 AS risk_level, 1000 AS min_amount,
    CASE WHEN i % 5 = 4 THEN 90 ELSE 0 END AS term_days,
    data_day() - 30 - pick(i, 'from', 120) AS open_from,
    data_day() - 95 + pick(i, 'to', 120) AS open_to,
    CASE WHEN i % 70 = 9 THEN 'liquidating' ELSE 'on_sale' END AS status,
    'any' AS investor,
    CASE WHEN i % 50 = 8 THEN data_day() END AS raised_on,
    CASE WHEN i % 70 = 9 THEN data_day() END AS liquidating_on
FROM range(1, products() + 1) r(i)
