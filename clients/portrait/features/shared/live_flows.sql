-- Cash movements that stand: a line that takes back another is none, and neither is the line it takes back.
-- reads: cashflows, reversed_flows
SELECT * FROM cashflows ANTI JOIN reversed_flows USING (id)
WHERE reversal_of = ''
