-- The cash balance in CNY of each fund account: the last one that a line gave, and what has moved since.
-- Custody transfers move securities and not cash. Lines of a day go by time, then by number.
WITH moves AS (
    SELECT *, {'day': day, 'time': coalesce(time, day::TIMESTAMPTZ), 'flow_no': flow_no, 'id': id} AS place
    FROM rows
    WHERE currency = 'CNY' AND kind NOT IN ('custody_in', 'custody_out')
),
told AS (
    SELECT
        account_id,
        max(place) FILTER (WHERE balance_after IS NOT NULL) AS place,
        arg_max(balance_after, place) FILTER (WHERE balance_after IS NOT NULL) AS balance
    FROM moves
    GROUP BY account_id
),
moved AS (
    SELECT m.client_id, m.account_id, sum(m.amount) FILTER (WHERE t.place IS NULL OR m.place > t.place) AS amount
    FROM moves AS m
    JOIN told AS t USING (account_id)
    GROUP BY m.client_id, m.account_id
)
SELECT
    coalesce(m.client_id, b.client_id) AS client_id,
    account_id,
    CAST(coalesce(t.balance, b.balance, 0) + coalesce(m.amount, 0) AS DECIMAL(20, 2)) AS balance
FROM before AS b
FULL JOIN moved AS m USING (account_id)
LEFT JOIN told AS t USING (account_id)
