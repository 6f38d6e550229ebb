-- Executions that stand: a line that takes back another is none, and neither is the line it takes back.
-- A trade number returns on other days, so a reversal means the latest trade of that number up to its own day.
-- reads: trades
WITH taken_back AS (
    SELECT t.id
    FROM (SELECT account_id, exchange, reversal_of AS trade_no, day FROM trades WHERE reversal_of <> '') AS r
    ASOF JOIN (SELECT * FROM trades WHERE reversal_of = '') AS t
        ON r.account_id = t.account_id AND r.exchange = t.exchange AND r.trade_no = t.trade_no AND r.day >= t.day
)
SELECT * FROM trades
WHERE reversal_of = '' AND id NOT IN (SELECT id FROM taken_back)
