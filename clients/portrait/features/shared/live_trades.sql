-- Executions that stand: a line that takes back another is none, and neither is the line it takes back.
-- A trade number returns on other days, so a reversal means the latest trade of that number up to its own day.
-- reads: trades
WITH reversals AS (
    SELECT account_id, exchange, reversal_of AS trade_no, day
    FROM trades
    WHERE reversal_of <> ''
),
same_number AS (
    SELECT id, account_id, exchange, trade_no, day
    FROM trades SEMI JOIN reversals USING (account_id, exchange, trade_no)
    WHERE reversal_of = ''
),
taken_back AS (
    SELECT t.id
    FROM reversals AS r
    ASOF JOIN same_number AS t
        ON r.account_id = t.account_id AND r.exchange = t.exchange AND r.trade_no = t.trade_no AND r.day >= t.day
)
SELECT * FROM trades ANTI JOIN taken_back USING (id)
WHERE reversal_of = ''
