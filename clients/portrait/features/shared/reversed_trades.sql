-- Executions that were taken back: those that a later line names in `reversal_of`.
-- A trade number returns on other days, so a reversal means the latest trade of that number up to its own day.
-- reads: trades
WITH reversals AS (
    SELECT account_id, exchange, reversal_of AS trade_no, day
    FROM trades
    WHERE reversal_of <> ''
),
same_number AS (
    SELECT trades.*
    FROM trades SEMI JOIN reversals USING (account_id, exchange, trade_no)
    WHERE reversal_of = ''
),
taken_back AS (
    SELECT DISTINCT t.id
    FROM reversals AS r
    ASOF JOIN same_number AS t
        ON r.account_id = t.account_id AND r.exchange = t.exchange AND r.trade_no = t.trade_no AND r.day >= t.day
)
SELECT * FROM same_number SEMI JOIN taken_back USING (id)
