-- What each client brought (positive) or took away on a day, in CNY: bank transfers and securities moved to or from
-- another broker, whether or not a line was taken back later (the state `returned_flows` has that).
SELECT day, client_id, sum(amount) AS moved, max(arrived_at) AS arrived_at
FROM cashflows
WHERE kind IN ('bank_in', 'bank_out', 'custody_in', 'custody_out') AND currency = 'CNY' AND reversal_of = ''
GROUP BY day, client_id
