-- Shares, funds and convertible bonds that are traded, reverse repos, and the products as securities of the OTC market.
SELECT
    i AS id,
    CASE WHEN i % 10 IN (5, 6, 7) OR i > 960 THEN 'SZ' WHEN i % 10 = 9 AND i <= 900 THEN 'BJ' ELSE 'SH' END AS exchange,
    (600000 + i)::VARCHAR AS code,
    'S' || i AS name,
    CASE WHEN i <= 900 THEN 'industry ' || i % 30 ELSE '' END AS industry,
    CASE WHEN i <= 900 THEN 'stock' WHEN i <= 960 THEN 'etf' ELSE 'cb' END AS type,
    CASE WHEN i > 900 THEN NULL WHEN i % 10 = 7 THEN 'gem' WHEN i % 10 = 8 THEN 'star' WHEN i % 10 = 9 THEN 'bse'
        ELSE 'main' END AS board,
    CASE WHEN i % 250 = 3 THEN 'delisting' ELSE 'listed' END AS status,
    DATE '2010-01-04' AS list_date, 'CNY' AS currency, 0.01 AS tick, 1 AS unit,
    CASE WHEN i <= 900 AND i % 40 = 11 THEN 'st' ELSE 'none' END AS risk_flag,
    0.7 AS collateral_ratio
FROM range(1, tradables() + 1) r(i)
UNION ALL BY NAME
SELECT tradables() + i AS id, 'SH' AS exchange, (ARRAY['204001', '204002', '204007', '204014'])[i] AS code,
    'R' || i AS name, '' AS industry, 'repo' AS type, 'listed' AS status, 'CNY' AS currency, 0.005 AS tick, 100 AS unit,
    'none' AS risk_flag
FROM range(1, 5) r(i)
UNION ALL BY NAME
SELECT first_otc() + i AS id, 'OTC' AS exchange, 'F' || lpad(i::VARCHAR, 5, '0') AS code, 'F' || i AS name,
    '' AS industry,
    'fund' AS type, 'listed' AS status, 'CNY' AS currency, 0.0001 AS tick, 1 AS unit, 'none' AS risk_flag
FROM range(1, products() + 1) r(i)
