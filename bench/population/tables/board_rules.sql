SELECT number AS id, board, false AS risk_warned, ratio AS limit_ratio, DATE '2020-01-01' AS effective_from,
    NULL AS effective_to
FROM (VALUES (1, 'main', 0.1), (2, 'gem', 0.2), (3, 'star', 0.2), (4, 'bse', 0.3)) rules(number, board, ratio)
