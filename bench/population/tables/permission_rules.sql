SELECT number AS id, code, min_level
FROM (VALUES (1, 'GEM', 3), (2, 'STAR', 4), (3, 'BSE', 4), (4, 'HK', 4), (5, 'CB', 3)) rules(number, code, min_level)
