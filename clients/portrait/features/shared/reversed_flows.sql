-- Cash movements that were taken back: those that a later line names in `reversal_of`.
-- A number returns on other days, so a reversal means the latest movement of that number up to its own day.
-- reads: cashflows
WITH reversals AS (
    SELECT account_id, reversal_of AS flow_no, day
    FROM cashflows
    WHERE reversal_of <> ''
),
same_number AS (
    SELECT cashflows.*
    FROM cashflows SEMI JOIN reversals USING (account_id, flow_no)
    WHERE reversal_of = ''
),
taken_back AS (
    SELECT DISTINCT t.id
    FROM reversals AS r
    ASOF JOIN same_number AS t ON r.account_id = t.account_id AND r.flow_no = t.flow_no AND r.day >= t.day
)
SELECT * FROM same_number SEMI JOIN taken_back USING (id)
