-- Executions that stand: a line that takes back another is none, and neither is the line it takes back.
-- reads: trades, reversed_trades
SELECT * FROM trades ANTI JOIN reversed_trades USING (id)
WHERE reversal_of = ''
