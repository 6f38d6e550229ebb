-- What is on each client's watchlist: symbols whose last word was that they were added.
WITH said AS (
    SELECT client_id, symbol, added_at AS said_at, TRUE AS added FROM before
    UNION ALL
    SELECT client_id, object AS symbol, last_at AS said_at, meaning = 'watchlist_added' AS added
    FROM rows
    WHERE meaning IN ('watchlist_added', 'watchlist_removed') AND object IS NOT NULL
)
SELECT client_id, symbol, max(said_at) AS added_at
FROM said
GROUP BY client_id, symbol
HAVING arg_max(added, {'at': said_at, 'added': added})
