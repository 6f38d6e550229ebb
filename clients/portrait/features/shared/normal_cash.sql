-- Cash of normal accounts at the close of the day, of everybody who has opened one.
-- reads: accounts, balances
SELECT a.client_id, sum(coalesce(b.balance, 0)) AS cash
FROM accounts AS a
LEFT JOIN balances AS b ON b.account_id = a.id
WHERE a.kind = 'fund' AND a.opened_on <= data_day()
GROUP BY a.client_id
